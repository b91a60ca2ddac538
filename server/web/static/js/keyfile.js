/** The key file of a confidential body: a P-256 key pair, its private half under a passphrase; made and opened here alone. */

export const ROUNDS = 600000;
export const SHORTEST = 12;
const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const text = new TextEncoder();

export const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
export const fromBase64 = (words) => Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));

async function lock(passphrase, salt, rounds, use) {
  const base = await crypto.subtle.importKey('raw', text.encode(passphrase.normalize('NFC')), 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, [use]);
}

async function nameOf(point) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', point));
  return Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A new pair: the public point in base64, its name, and the text of the file that holds the private half. */
export async function makeKey(passphrase) {
  const pair = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const secret = await crypto.subtle.exportKey('pkcs8', pair.privateKey);
  const [salt, iv] = [16, 12].map((size) => crypto.getRandomValues(new Uint8Array(size)));
  const key = await lock(passphrase, salt, ROUNDS, 'encrypt');
  const kid = await nameOf(point);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: text.encode(kid) }, key, secret));
  const parts = { format: 'mashangban-key-1', kid, public_key: toBase64(point), rounds: ROUNDS };
  const file = { ...parts, salt: toBase64(salt), iv: toBase64(iv), sealed: toBase64(sealed) };
  return { kid, publicKey: parts.public_key, file: `${JSON.stringify(file, null, 1)}\n` };
}

/** The key pair of a file; rejects a wrong passphrase, and a file that is none of ours. */
export async function openKey(words, passphrase) {
  const file = JSON.parse(words);
  if (file.format !== 'mashangban-key-1') throw new Error('format');
  const key = await lock(passphrase, fromBase64(file.salt), file.rounds, 'decrypt');
  const given = { name: 'AES-GCM', iv: fromBase64(file.iv), additionalData: text.encode(file.kid) };
  const secret = await crypto.subtle.decrypt(given, key, fromBase64(file.sealed));
  const privateKey = await crypto.subtle.importKey('pkcs8', secret, CURVE, false, ['deriveBits']);
  return { kid: file.kid, privateKey, publicPoint: fromBase64(file.public_key) };
}
