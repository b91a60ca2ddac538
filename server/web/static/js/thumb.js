/** One photo on the page: picture, delete button, progress bar and a word about its state. */

const WORDS = { waiting: '等待上传', sending: '上传中', done: '已上传', failed: '没收下' };

function element(name, settings) {
  return Object.assign(document.createElement(name), settings);
}

/** The parts of a thumb: {figure, bar, label}. */
export function makeThumb(blob, number, onRemove) {
  const title = `第 ${number} 张照片`;
  const figure = element('figure', { className: 'thumb' });
  const image = element('img', { src: URL.createObjectURL(blob), alt: title });
  const remove = element('button', { type: 'button', textContent: '✕', onclick: onRemove });
  const bar = element('progress', { max: 1, value: 0 });
  const label = element('span', { className: 'thumb-state' });
  image.onload = () => URL.revokeObjectURL(image.src);
  image.onerror = () => { image.alt = `${title}（这台手机不能预览）`; };
  remove.setAttribute('aria-label', `删除${title}`);
  bar.setAttribute('aria-label', `${title}上传进度`);
  figure.append(image, remove, bar, label);
  return { figure, bar, label };
}

/** Show the state of a photo in words, never by the bar alone. */
export function showState({ bar, label, figure, state, error }) {
  bar.hidden = state === 'done' || state === 'failed';
  label.textContent = error || WORDS[state];
  figure.classList.toggle('failed', state === 'failed');
}
