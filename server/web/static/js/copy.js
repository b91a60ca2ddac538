/** Buttons that only a script can answer: [data-copy] copies its text, [data-print] prints the page. */

function copyByHand(text) {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'quiet';
  document.body.append(field);
  field.select();
  const worked = document.execCommand('copy'); // navigator.clipboard is missing on plain http
  field.remove();
  return worked;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (refused) {
    return copyByHand(text);
  }
}

document.querySelectorAll('[data-copy], [data-print]').forEach((button) => { button.hidden = false; });

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy], [data-print]');
  if (!button) return;
  if (button.hasAttribute('data-print')) {
    window.print();
    return;
  }
  const usual = button.dataset.words || button.textContent;
  button.dataset.words = usual;
  button.setAttribute('aria-live', 'polite');
  button.textContent = (await copy(button.dataset.copy)) ? '已复制' : `请长按复制：${button.dataset.copy}`;
  setTimeout(() => { button.textContent = usual; }, 4000);
});
