/** The report form: photos, tiles, phrases, draft, and sending exactly once over a bad network. */

import { makeStatus, noteRestored, wireChips, wireTiles, WORDS } from './choices.js';
import { drop, fill, load, pack, randomKey, read, save } from './draft.js';
import { wireNumbers } from './numbers.js';
import { clearErrors, post, showErrors } from './send.js';
import { wireSimilar } from './similar.js';
import { Tray } from './tray.js';

const FIRST_WAIT = 3000;
const LONGEST_WAIT = 60000;

class ReportForm {
  constructor(form) {
    this.form = form;
    this.name = form.dataset.draftKey;
    this.draft = { key: randomKey(), pairs: [], photos: [], queued: false };
    this.wait = FIRST_WAIT;
    this.status = makeStatus(form);
    form.noValidate = true; // the server's sentences, not the browser's language
    const root = form.querySelector('[data-photos]');
    this.tray = root && new Tray(root, () => this.photosChanged());
  }

  async start() {
    this.wire();
    const kept = await load(this.name);
    if (!kept) return;
    this.draft = { ...this.draft, ...kept };
    if (!this.form.hasAttribute('data-filled')) fill(this.form, kept.pairs);
    if (this.tray) this.tray.restore(kept.photos);
    if (this.look) this.look();
    noteRestored(this.form, () => this.forget(window.location.pathname + window.location.search));
    if (kept.queued) this.submit();
  }

  wire() {
    this.form.addEventListener('input', () => this.changed());
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    wireChips(this.form);
    wireTiles(this.form);
    wireNumbers(this.form);
    this.look = wireSimilar(this.form);
    window.addEventListener('pagehide', () => this.keep());
    window.addEventListener('online', () => this.draft.queued && this.submit());
    window.addEventListener('pageshow', (event) => event.persisted && this.sent && window.location.reload());
  }

  changed() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.keep(), 300);
  }

  /** Somebody pressed the button while photos were on their way: send when all have arrived. */
  photosChanged() {
    this.changed();
    if (!this.waiting || this.tray.busy) return;
    this.waiting = false;
    this.draft.queued = !this.tray.refused;
    if (this.draft.queued) this.submit();
    else this.status.textContent = WORDS.refused;
  }

  keep() {
    if (this.sent) return undefined;
    if (this.form.querySelector('[data-no-draft]:checked')) return drop(this.name);
    const photos = this.tray ? this.tray.snapshot() : [];
    this.draft = { ...this.draft, pairs: read(this.form), photos };
    return save(this.name, this.draft);
  }

  async forget(next) {
    this.sent = true;
    clearTimeout(this.saving);
    await drop(this.name);
    window.location.assign(next);
  }

  async submit() {
    if (this.posting || this.sent) return;
    clearTimeout(this.timer);
    clearErrors(this.form);
    this.draft.queued = true;
    if (this.tray && this.tray.busy) {
      this.waiting = true;
      this.status.textContent = navigator.onLine ? WORDS.photos : WORDS.offline;
      return void (await this.keep());
    }
    this.posting = true;
    this.status.textContent = WORDS.sending;
    await this.keep();
    const data = pack(this.form, this.draft.key, this.tray ? this.tray.ids() : []);
    const answer = await post(this.form.getAttribute('action') || window.location.href, data);
    this.posting = false;
    await this.answered(answer);
  }

  async answered({ status, body }) {
    if ((status === 200 || status === 201) && body.location) return this.forget(body.location);
    const busy = status === 429 && !body.message; // with words it says when, and whom to call meanwhile
    if (status === 0 || busy || status >= 500) return this.later(status ? WORDS.server : WORDS.offline);
    this.draft.queued = false;
    this.status.textContent = '';
    if (status === 409) this.draft.key = randomKey(); // sending again means a new one
    await this.keep();
    return showErrors(this.form, { ...body, message: body.message || (body.errors ? '' : WORDS.odd) });
  }

  later(words) {
    this.status.textContent = words;
    this.timer = setTimeout(() => this.submit(), this.wait);
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
  }

}

document.querySelectorAll('form[data-report]').forEach((form) => new ReportForm(form).start());
