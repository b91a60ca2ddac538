/** Black boxes over a photo: drawn with a finger, a pen or a mouse, sent as fractions of its sides. */

const SMALLEST = 0.005;

function clamp(value) {
  return Math.min(1, Math.max(0, value));
}

/** The box between two points, as [x, y, width, height]. */
export function boxOf(from, to) {
  const [left, top] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
  const sides = [left, top, Math.abs(from.x - to.x), Math.abs(from.y - to.y)];
  return sides.map((side) => Math.round(side * 10000) / 10000);
}

function rectOf(svg, [x, y, width, height]) {
  const rect = document.createElementNS(svg, 'rect');
  Object.entries({ x, y, width, height }).forEach(([name, value]) => rect.setAttribute(name, value));
  return rect;
}

function wire(form) {
  const [drawing, cells, tools] = ['drawing', 'cells', 'tools'].map((name) => form.querySelector(`[data-${name}]`));
  const [said, draw, grid] = ['said', 'draw', 'grid'].map((name) => form.querySelector(`[data-${name}]`));
  const kept = form.querySelector('[name=boxes]');
  const boxes = JSON.parse(kept.value || '[]');
  let from = null;

  function point(event) {
    const area = drawing.getBoundingClientRect();
    return { x: clamp((event.clientX - area.left) / area.width), y: clamp((event.clientY - area.top) / area.height) };
  }

  function show(unfinished) {
    const all = unfinished ? [...boxes, unfinished] : boxes;
    drawing.replaceChildren(...all.map((box) => rectOf(drawing.namespaceURI, box)));
    kept.value = JSON.stringify(boxes);
    said.textContent = `有 ${boxes.length} 个黑框，公开后烧进公开的那一份，原照片不变。`;
  }

  function press(button, on) {
    button.setAttribute('aria-pressed', String(on));
  }

  drawing.addEventListener('pointerdown', (event) => {
    if (draw.getAttribute('aria-pressed') !== 'true') return;
    event.preventDefault();
    drawing.setPointerCapture(event.pointerId);
    from = point(event);
  });
  drawing.addEventListener('pointermove', (event) => {
    if (from) show(boxOf(from, point(event)));
  });
  drawing.addEventListener('pointercancel', () => {
    from = null;
    show();
  });
  drawing.addEventListener('pointerup', (event) => {
    if (!from) return;
    const box = boxOf(from, point(event));
    from = null;
    if (box[2] >= SMALLEST && box[3] >= SMALLEST) boxes.push(box);
    show();
  });
  form.querySelector('[data-undo]').addEventListener('click', () => {
    boxes.pop();
    show();
  });
  draw.addEventListener('click', () => {
    const on = draw.getAttribute('aria-pressed') !== 'true';
    press(draw, on);
    drawing.classList.toggle('is-live', on);
    said.textContent = on ? '在照片上按住拖动，画出要涂黑的地方。' : `有 ${boxes.length} 个黑框。`;
  });
  grid.addEventListener('click', () => {
    cells.hidden = !cells.hidden;
    press(grid, !cells.hidden);
  });

  cells.hidden = !cells.querySelector(':checked');
  press(grid, !cells.hidden);
  drawing.removeAttribute('hidden');
  tools.hidden = false;
  show();
}

document.querySelectorAll('form[data-boxes]').forEach(wire);
