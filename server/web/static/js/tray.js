/** The photos of a form: thumbs with progress and delete, uploaded one after another, again after a bad network. */

import { randomKey } from './draft.js';
import { shrink, upload } from './photos.js';
import { makeThumb, showState } from './thumb.js';

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60000;
const STALE = 6 * 24 * 3600 * 1000; // the server forgets unused photos after seven days

export class Tray {
  /** onChange() is called whenever the photos or their states change. */
  constructor(root, onChange) {
    this.root = root;
    this.onChange = onChange;
    this.thumbs = root.querySelector('[data-thumbs]');
    this.limit = Number(root.dataset.limit) || 9;
    this.items = [];
    this.wait = FIRST_WAIT;
    root.classList.add('is-live');
    root.addEventListener('change', (event) => {
      if (event.target.type === 'file') this.take(event.target);
    });
    window.addEventListener('online', () => this.retry());
    // Photos that were chosen before this script had arrived.
    root.querySelectorAll('input[type="file"]').forEach((input) => input.files.length && this.take(input));
  }

  get kept() { return this.root.querySelectorAll('[data-kept] [name="drop"]:not(:checked)').length; }

  get busy() { return this.items.some((item) => item.state === 'waiting' || item.state === 'sending'); }

  get refused() { return this.items.some((item) => item.state === 'failed'); }

  /** Ids of the photos that have arrived, in order. */
  ids() { return this.items.filter((item) => item.state === 'done').map((item) => item.id); }

  say(text) { this.root.querySelector('[data-photo-words]').textContent = text; }

  async take(input) {
    const files = Array.from(input.files);
    const room = Math.max(0, this.limit - this.kept - this.items.length);
    input.value = '';
    this.say(files.length > room ? `最多 ${this.limit} 张，多出的没有加上。` : '');
    for (const file of files.slice(0, room)) {
      const item = { key: randomKey(), name: file.name || 'photo.jpg', blob: file, state: 'waiting' };
      this.show(item);
      item.blob = await shrink(file); // one at a time: a phone has little memory
      this.changed(item);
      this.pump();
    }
  }

  /** Photos of a draft, shown again; what had not arrived is sent on. */
  restore(items) {
    items.forEach((item) => {
      const fresh = item.state === 'done' && Date.now() - item.at < STALE;
      const state = fresh || item.state === 'failed' ? item.state : 'waiting';
      const key = item.state === 'done' && !fresh ? randomKey() : item.key;
      this.show({ ...item, state, key });
    });
    this.pump();
  }

  /** What a draft keeps of the photos. */
  snapshot() { return this.items.map(({ key, name, blob, state, id, at, error }) => ({ key, name, blob, state, id, at, error })); }

  show(item) {
    Object.assign(item, makeThumb(item.blob, this.items.length + this.kept + 1, () => this.remove(item)));
    this.thumbs.append(item.figure);
    this.items.push(item);
    this.changed(item);
  }

  remove(item) {
    item.figure.remove();
    item.gone = true;
    this.items = this.items.filter((other) => other !== item);
    this.root.querySelector('.picker input').focus();
    this.onChange();
  }

  changed(item) {
    showState(item);
    this.onChange();
  }

  retry() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.pump();
  }

  async pump() {
    const item = this.items.find((each) => each.state === 'waiting');
    if (!item || this.timer || this.items.some((each) => each.state === 'sending')) return;
    Object.assign(item, { state: 'sending', error: '' });
    this.changed(item);
    try {
      const onProgress = (part) => { item.bar.value = part; };
      const { id } = await upload(item.blob, { key: item.key, name: item.name, onProgress });
      Object.assign(item, { state: 'done', id, at: Date.now() });
      this.wait = FIRST_WAIT;
    } catch (error) {
      Object.assign(item, { state: error.again ? 'waiting' : 'failed', error: error.message });
      if (error.again) {
        this.timer = setTimeout(() => this.retry(), this.wait);
        this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
      }
    }
    if (!item.gone) this.changed(item);
    this.pump();
  }
}
