/** Small helps of the report form: its words, phrases, tiles, and the note that a draft came back. */

export const WORDS = {
  photos: '正在上传照片，传完自动提交，请不要关掉页面。',
  refused: '有照片没收下，请删掉或换一张，再点一次提交。',
  sending: '正在提交…',
  offline: '网络不畅，内容已保存，恢复网络后会自动发送。',
  server: '系统正忙，内容已保存，稍后会自动再发。',
  odd: '没有提交成功，内容已保存，请过一会儿再点一次提交。',
};

/** The line beside the button that says how sending goes. */
export function makeStatus(form) {
  const line = document.createElement('p');
  line.setAttribute('role', 'status');
  (form.querySelector('.bar') || form).prepend(line);
  return line;
}

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
