/** One photo: made small in the browser, then uploaded alone with its progress. */

const LONGEST = 1600;
const QUALITY = 0.8;
const SMALL_ENOUGH = 400 * 1024;

async function decode(file) {
  if (window.createImageBitmap) {
    try {
      return await createImageBitmap(file);
    } catch (unreadable) { /* old webviews know it for some kinds only; the image element may still manage */ }
  }
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
  return image;
}

function draw(picture) {
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', QUALITY); });
}

/** The photo at no more than 1600 px as JPEG; the original where the browser cannot read it or it would grow. */
export async function shrink(file) {
  try {
    const picture = await decode(file);
    const fits = Math.max(picture.width, picture.height) <= LONGEST && file.size <= SMALL_ENOUGH;
    const blob = fits ? null : await draw(picture);
    if (picture.close) picture.close();
    return blob && blob.size < file.size ? blob : file;
  } catch (unreadable) {
    return file;
  }
}

function sentence(request) {
  try {
    const body = JSON.parse(request.responseText);
    return body.detail || body.message || body.title;
  } catch (notJson) {
    return '';
  }
}

function refusal(request) {
  const again = request.status === 0 || request.status === 429 || request.status >= 500;
  const error = new Error(again ? '没传上去，稍后自动再传' : sentence(request) || '这张照片没收下，请删掉换一张');
  error.again = again;
  return error;
}

/** Upload one photo under its own key; resolves to {id, url, thumb_url}; an error says whether to try again. */
export function upload(blob, { key, name, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const csrf = document.querySelector('meta[name="csrf"]');
    const body = new FormData();
    body.append('file', blob, name);
    request.open('POST', '/api/v1/photos');
    request.setRequestHeader('Idempotency-Key', key);
    request.setRequestHeader('Accept', 'application/json');
    if (csrf) request.setRequestHeader('X-CSRF-Token', csrf.content);
    request.timeout = 180000;
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status !== 200 && request.status !== 201) reject(refusal(request));
      else resolve(JSON.parse(request.responseText));
    };
    request.onerror = () => reject(refusal(request));
    request.ontimeout = request.onerror;
    request.send(body);
  });
}
