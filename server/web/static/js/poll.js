/** Keeps [data-poll] fresh: fetches the fragment every data-every seconds with If-None-Match, swaps it, says how many are new. */

const SLOWEST = 300;

const entries = (place) => Array.from(place.querySelectorAll('[data-entry]'), (each) => each.dataset.entry);

class Poll {
  constructor(place) {
    this.place = place;
    this.every = Number(place.dataset.every) || 10;
    this.pause = this.every;
    this.etag = place.dataset.etag || '';
    this.words = document.createElement('p');
    this.words.setAttribute('role', 'status');
    this.words.className = 'small muted';
    place.before(this.words);
    document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(this.timer) : this.ask()));
    this.later();
  }

  later() {
    clearTimeout(this.timer);
    if (!document.hidden) this.timer = setTimeout(() => this.ask(), this.pause * 1000);
  }

  async ask() {
    clearTimeout(this.timer);
    try {
      const headers = this.etag ? { 'If-None-Match': this.etag } : {};
      const answer = await fetch(this.place.dataset.poll, { headers, cache: 'no-store', credentials: 'same-origin' });
      if (answer.status === 200 && !answer.redirected) this.fresh(await answer.text(), answer.headers.get('ETag'));
      else if (answer.status !== 304) throw new Error(String(answer.status));
      this.pause = this.every;
    } catch (failed) {
      this.pause = Math.min(SLOWEST, this.pause * 2);
      this.words.textContent = '暂时连不上，正在重试；下面是之前的内容。';
    }
    this.later();
  }

  /** Somebody ticking or typing inside is not disturbed: the new part waits for a tap. */
  fresh(html, etag) {
    this.etag = etag || '';
    const active = document.activeElement;
    const busy = this.place.querySelector('input:checked') || (this.place.contains(active) && active.matches('input, textarea, select'));
    if (busy) this.offer(html);
    else this.swap(html);
  }

  offer(html) {
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'btn plain', textContent: '有新内容，点此显示' });
    button.onclick = () => this.swap(html);
    this.words.replaceChildren ? this.words.replaceChildren(button) : this.words.append(button);
  }

  swap(html) {
    const before = new Set(entries(this.place));
    const focused = this.place.contains(document.activeElement) ? document.activeElement.id : '';
    this.place.innerHTML = html;
    if (focused && document.getElementById(focused)) document.getElementById(focused).focus();
    const count = entries(this.place).filter((key) => !before.has(key)).length;
    this.words.textContent = count ? `有 ${count} 条新内容` : '内容已更新';
  }
}

document.querySelectorAll('[data-poll]').forEach((place) => new Poll(place));
