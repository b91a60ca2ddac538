/** Opens the sealed parts of a confidential report in the reader's own browser; key and words stay in memory. */

import { open } from './hpke.js';
import { fromBase64, openKey } from './keyfile.js';

const text = new TextEncoder();
const plain = new TextDecoder();

/** The bytes of one seal `hpke.<kid>.<base64>` of this report's part. */
async function bytesOf(sealed, keys, no, part) {
  const [, kid, data] = sealed.trim().split('.');
  const key = keys.get(kid);
  if (!key) throw new Error(kid);
  return open(fromBase64(data), { ...key, info: text.encode(`mashangban/1/${no}/${part}`) });
}

function line(list, name, words) {
  if (!words) return;
  const row = document.createElement('div');
  const [head, value] = ['dt', 'dd'].map((tag) => row.appendChild(document.createElement(tag)));
  head.textContent = name;
  value.textContent = words;
  list.append(row);
}

function showContent(box, told) {
  const words = document.createElement('p');
  const list = document.createElement('dl');
  words.className = 'said';
  words.textContent = told.text || '提交人没有写文字。';
  list.className = 'cells';
  line(list, '类别', told.kind);
  line(list, '小区', [told.estate, told.spot].filter(Boolean).join(' · '));
  line(list, '位置', told.place);
  box.replaceChildren(words, list);
}

function showContact(box, told) {
  const list = document.createElement('dl');
  list.className = 'cells';
  line(list, '电话', told.phone ? `${told.phone}${told.contact_ok ? '（同意打电话了解）' : '（没有同意打电话）'}` : '没有填写');
  box.replaceChildren(list);
}

async function showPart(box, keys, no) {
  const { part } = box.dataset;
  if (part.startsWith('photo/')) {
    const answer = await fetch(box.dataset.src, { credentials: 'same-origin' });
    const bytes = await bytesOf(await answer.text(), keys, no, part);
    const picture = document.createElement('img');
    picture.alt = '随件照片';
    picture.src = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
    box.replaceChildren(picture);
    return;
  }
  const told = JSON.parse(plain.decode(await bytesOf(box.dataset.sealed, keys, no, part)));
  if (part === 'content') showContent(box, told);
  else if (part === 'contact') showContact(box, told);
  else box.textContent = told.text;
}

/** Every sealed box of the page that the opened keys fit; how many stay shut. */
async function showAll(keys, no) {
  const boxes = Array.from(document.querySelectorAll('[data-part]'));
  const done = await Promise.allSettled(boxes.map((box) => showPart(box, keys, no)));
  return done.filter((one) => one.status === 'rejected').length;
}

const form = document.querySelector('[data-unseal]');
const keys = new Map();
if (form) {
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const status = form.querySelector('[role=status]');
    const [file] = form.elements.key_file.files;
    status.textContent = '正在打开…';
    try {
      const key = await openKey(await file.text(), form.elements.passphrase.value);
      keys.set(key.kid, key);
    } catch (wrong) {
      status.textContent = '打不开：请选对密钥文件，并核对口令。';
      return;
    }
    form.elements.passphrase.value = '';
    const shut = await showAll(keys, form.dataset.no);
    form.dataset.opened = String(keys.size);
    status.textContent = shut ? `已打开；还有 ${shut} 处是用别的密钥封的，请再选那一把。` : '已打开。离开这一页就看不到了。';
  });
}
