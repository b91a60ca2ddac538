/** The landing page's personal part, fetched after the first paint so that the estate's part can be cached. */

const place = document.querySelector('#mine[data-mine]');

async function fetchMine() {
  try {
    const answer = await fetch(place.dataset.mine, { credentials: 'same-origin' });
    if (answer.ok) place.innerHTML = await answer.text();
  } catch (offline) { /* the plain link inside stays */ }
}

if (place) requestAnimationFrame(() => setTimeout(fetchMine));
