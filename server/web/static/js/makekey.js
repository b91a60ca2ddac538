/** Makes a confidential body's key pair in the browser; only the public half is ever sent. */

import { makeKey, openKey, SHORTEST } from './keyfile.js';

const form = document.querySelector('[data-make-key]');
const send = document.querySelector('[data-send-key]');
const status = document.querySelector('[data-key-status]');
let made;

function offer(file, kid) {
  const link = document.querySelector('[data-key-link]');
  link.href = URL.createObjectURL(new Blob([file], { type: 'application/json' }));
  link.download = `mashangban-${kid}.json`;
  link.closest('[data-key-file]').hidden = false;
  link.click();
}

form.hidden = false;
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { passphrase, again } = form.elements;
  if (passphrase.value.length < SHORTEST) {
    status.textContent = `口令至少 ${SHORTEST} 个字。`;
  } else if (passphrase.value !== again.value) {
    status.textContent = '两次输入的口令不一样。';
  } else {
    status.textContent = '正在生成…';
    made = await makeKey(passphrase.value);
    again.value = '';
    passphrase.value = '';
    offer(made.file, made.kid);
    status.textContent = `密钥 ${made.kid} 已生成，还没有启用。请保存文件，再在下面核对一次。`;
  }
});

/** Only a file that was saved and can be opened again is put to use. */
send.addEventListener('submit', async (event) => {
  if (send.dataset.checked) return;
  event.preventDefault();
  const [file] = send.elements.key_file.files;
  try {
    const key = await openKey(await file.text(), send.elements.check.value);
    if (key.kid !== made.kid) throw new Error('other');
  } catch (wrong) {
    status.textContent = '核对不上：请选刚才保存的文件，输入同一个口令。';
    return;
  }
  send.elements.check.value = '';
  send.elements.key_file.value = '';
  send.elements.public_key.value = made.publicKey;
  send.dataset.checked = 'yes';
  send.submit();
});
