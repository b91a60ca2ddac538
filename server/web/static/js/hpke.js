/** HPKE (RFC 9180), base mode, one message: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-GCM; opening alone. */

const text = new TextEncoder();
const KEM = Uint8Array.of(75, 69, 77, 0, 16); // "KEM", 0x0010
const POINT = 65;
const SECRET = 32;
export const AES_256_GCM = { id: 2, key: 32 };
export const AES_128_GCM = { id: 1, key: 16 }; // only because the RFC's own examples use it

const join = (...parts) => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => { all.set(part, at); return at + part.length; }, 0);
  return all;
};
const two = (number) => Uint8Array.of(number >> 8, number & 255);

async function hmac(key, data) {
  const made = await crypto.subtle.importKey('raw', key.length ? key : new Uint8Array(SECRET), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', made, data));
}

const extract = (suite, salt, label, ikm) => hmac(salt, join(text.encode('HPKE-v1'), suite, text.encode(label), ikm));

/** One block of HKDF-Expand: nothing here is longer than 32 bytes. */
async function expand(suite, prk, label, info, length) {
  const labelled = join(two(length), text.encode('HPKE-v1'), suite, text.encode(label), info);
  return (await hmac(prk, join(labelled, Uint8Array.of(1)))).slice(0, length);
}

async function decap(enc, privateKey, publicPoint) {
  const theirs = await crypto.subtle.importKey('raw', enc, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, privateKey, 256));
  const prk = await extract(KEM, new Uint8Array(0), 'eae_prk', dh);
  return expand(KEM, prk, 'shared_secret', join(enc, publicPoint), SECRET);
}

async function schedule(shared, info, aead) {
  const suite = join(text.encode('HPKE'), two(0x10), two(1), two(aead.id));
  const none = new Uint8Array(0);
  const context = join(Uint8Array.of(0), await extract(suite, none, 'psk_id_hash', none), await extract(suite, none, 'info_hash', info));
  const secret = await extract(suite, shared, 'secret', none);
  const key = await expand(suite, secret, 'key', context, aead.key);
  return { key, nonce: await expand(suite, secret, 'base_nonce', context, 12) };
}

/** The message in `enc || ciphertext`; rejects what was altered, moved, or sealed to another key. */
export async function open(sealed, { privateKey, publicPoint, info, aad = new Uint8Array(0), aead = AES_256_GCM }) {
  const enc = sealed.slice(0, POINT);
  const { key, nonce } = await schedule(await decap(enc, privateKey, publicPoint), info, aead);
  const made = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  const given = { name: 'AES-GCM', iv: nonce, additionalData: aad };
  return new Uint8Array(await crypto.subtle.decrypt(given, made, sealed.slice(POINT)));
}
