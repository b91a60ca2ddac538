/** Small helps of the report form: phrases, tiles, and the note that a draft came back. */

/** Phrases of [data-chips] are appended to their textarea. */
export function wireChips(form) {
  form.querySelectorAll('[data-chips]').forEach((row) => {
    const target = document.getElementById(row.dataset.chips);
    row.hidden = false;
    row.addEventListener('click', (event) => {
      if (event.target.type !== 'button') return;
      const before = target.value.trim();
      target.value = before ? `${before}，${event.target.textContent}` : event.target.textContent;
      target.dispatchEvent(new Event('input', { bubbles: true }));
    });
  });
}

/** Another tile: choices under the tiles now closed no longer count, and the open panel comes into view. */
export function wireTiles(form) {
  form.addEventListener('change', ({ target }) => {
    if (target.name !== 'tile') return;
    const panel = target.nextElementSibling.nextElementSibling;
    form.querySelectorAll('.panel input:checked').forEach((old) => { old.checked = panel.contains(old); });
    panel.scrollIntoView({ block: 'nearest' });
  });
}

/** Say above the form that earlier answers are back, with a button to drop them. */
export function noteRestored(form, onClear) {
  const note = document.createElement('div');
  const words = document.createElement('div');
  const clear = document.createElement('button');
  note.className = 'note info';
  note.setAttribute('role', 'status');
  words.textContent = '已恢复上次填写的内容';
  Object.assign(clear, { type: 'button', className: 'btn plain', textContent: '清空', onclick: onClear });
  note.append(words, clear);
  form.before(note);
}
