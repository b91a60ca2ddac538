/** While somebody types or dictates: up to three kinds that the words may mean, to choose by one tap; nothing is decided. */

const PAUSE = 600;
const LEAST = 2;

const chosen = (form) => form.querySelector('input[name="kind"]:checked');
/** What one body alone may read is not sent anywhere before it is sent there. */
const kept = (form) => form.querySelector('[data-no-draft]:checked');

/** What the server takes the words for; nothing where it cannot be asked. */
async function ask(url, words) {
  try {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
    const body = JSON.stringify({ words });
    const answer = await fetch(url, { method: 'POST', headers, body, credentials: 'omit' });
    return answer.ok ? await answer.json() : null;
  } catch (offline) {
    return null;
  }
}

function chip(form, box, { key, label, tile }) {
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'chip', textContent: label });
  button.addEventListener('click', () => {
    document.getElementById(`tile-${tile}`).click();
    document.getElementById(`kind-${key}`).click();
    box.hidden = true;
  });
  return button;
}

function line(words) {
  const text = document.createElement('p');
  text.textContent = words;
  return text;
}

/** The line that leads to where one body alone reads. */
function quietLine() {
  const lead = line('举报有人失职或违法，请用下面的');
  const anchor = document.createElement('a');
  Object.assign(anchor, { href: '#accuse', textContent: '举报' });
  anchor.addEventListener('click', () => { document.getElementById('accuse').open = true; });
  lead.append(anchor, '，不要写在这里。');
  return lead;
}

/** Show what was found: not a kind that is chosen already, and against another choice only what is quite sure. */
function show(form, box, { kinds, sure, quiet }) {
  const now = chosen(form);
  const wanted = !now || (sure && !kinds.some((one) => one.key === now.value));
  const there = kinds.filter((one) => document.getElementById(`kind-${one.key}`));
  const parts = [];
  if (wanted && there.length) {
    const row = document.createElement('div');
    row.className = 'chips';
    row.append(...there.map((one) => chip(form, box, one)));
    parts.push(line('您说的可能是：'), row);
  }
  if (quiet && document.getElementById('accuse')) parts.push(quietLine());
  box.replaceChildren(...parts);
  box.hidden = !parts.length;
}

function wire(form, box) {
  const field = form.elements.text;
  let timer;
  let asked = '';
  let withheld = '';
  const look = async () => {
    const words = field.value.trim();
    asked = words;
    if (kept(form)) withheld = words; // nor when another tile is tapped afterwards, until they are other words
    if (words.length < LEAST || words === withheld) {
      box.hidden = true;
      return;
    }
    const found = await ask(box.dataset.suggest, words);
    if (found && words === asked && !kept(form)) show(form, box, found);
  };
  box.setAttribute('role', 'status');
  form.addEventListener('input', ({ target }) => {
    if (target !== field && target.name !== 'kind' && target.name !== 'tile') return;
    clearTimeout(timer);
    timer = setTimeout(look, target === field ? PAUSE : 0);
  });
}

document.querySelectorAll('[data-suggest]').forEach((box) => wire(box.closest('form'), box));
