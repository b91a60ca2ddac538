/** Sending a form once, by JSON answers; and showing what came back in words at the top and at the fields. */

const TIMEOUT = 30000;

/** Post the data; resolves to {status, body}; status 0 means that nothing came back. */
export async function post(url, data) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  try {
    const headers = { Accept: 'application/json' };
    const answer = await fetch(url, { method: 'POST', body: data, headers, signal: stop.signal, credentials: 'same-origin' });
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  } catch (offline) {
    return { status: 0, body: {} };
  } finally {
    clearTimeout(timer);
  }
}

/** Take all error words off the form. */
export function clearErrors(form) {
  document.querySelectorAll('#errors').forEach((old) => old.remove());
  form.querySelectorAll('.has-error').forEach((box) => box.classList.remove('has-error'));
  form.querySelectorAll('[aria-invalid]').forEach((field) => field.removeAttribute('aria-invalid'));
  form.querySelectorAll('.error').forEach((line) => { line.hidden = true; });
}

function markField(form, name, sentence) {
  const box = form.querySelector(`[data-field="${name}"]`);
  const line = form.querySelector(`#e-${name}`);
  if (box) box.classList.add('has-error');
  if (line) {
    line.textContent = sentence;
    line.hidden = false;
  }
  const field = form.querySelector(`#f-${name}`);
  if (field && field.matches('input, textarea, select')) field.setAttribute('aria-invalid', 'true');
}

/** Show a summary with links to the fields and move the focus there; location leads to what is already there. */
export function showErrors(form, { errors = {}, message, location }) {
  clearErrors(form);
  const names = Object.keys(errors);
  const box = document.createElement('div');
  const head = document.createElement('h2');
  const list = document.createElement('ul');
  Object.assign(box, { className: 'errors', id: 'errors', tabIndex: -1 });
  box.setAttribute('role', 'alert');
  head.textContent = message || `有 ${names.length} 处要改一下`;
  const lines = names.map((name) => [`#f-${name}`, [].concat(errors[name]).join('；')]);
  if (location) lines.push([location, '查看已提交的那一条']);
  lines.forEach(([address, words]) => {
    const row = document.createElement('li');
    const anchor = document.createElement('a');
    anchor.href = address;
    anchor.textContent = words;
    row.append(anchor);
    list.append(row);
  });
  names.forEach((name) => markField(form, name, [].concat(errors[name]).join('；')));
  box.append(head, list);
  form.before(box);
  box.focus();
  box.scrollIntoView({ block: 'start' });
}
