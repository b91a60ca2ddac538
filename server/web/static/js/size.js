/** Big-type switch: kept in a cookie that the server may read too; without JavaScript the links do the same. */

const YEAR = 365 * 24 * 3600;

function show(size) {
  const big = size === 'large' || size === 'xl';
  if (big) document.documentElement.dataset.size = size;
  else delete document.documentElement.dataset.size;
  document.querySelectorAll('[data-size-link]').forEach((link) => {
    if (link.dataset.sizeLink === (big ? size : 'normal')) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  });
}

const asked = new URLSearchParams(window.location.search).get('size');
const kept = /(?:^|; )size=(\w+)/.exec(document.cookie);
if (asked || kept) show(asked || kept[1]);

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-size-link]');
  if (!link) return;
  event.preventDefault();
  document.cookie = `size=${link.dataset.sizeLink}; path=/; max-age=${YEAR}; SameSite=Lax`;
  show(link.dataset.sizeLink);
});
