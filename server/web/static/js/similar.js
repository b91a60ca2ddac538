/** Before sending: what neighbours have reported already, fetched when kind and building are chosen. */

/** What one body alone may read: its kind stands in no address before it is sent, for logs of proxies keep addresses. */
const kept = (form) => form.querySelector('[data-no-draft]:checked');

/** Watch the form; gives the function that looks at once, or nothing where the form does not ask. */
export function wireSimilar(form) {
  const box = form.querySelector('[data-similar]');
  if (!box) return null;
  let shown = '';
  const look = async () => {
    const kind = kept(form) ? null : form.querySelector('input[name="kind"]:checked');
    const building = form.elements.building ? form.elements.building.value : '';
    const query = kind ? `?${new URLSearchParams({ kind: kind.value, building })}` : '';
    if (query === shown) return;
    shown = query;
    if (!query) {
      box.replaceChildren();
      return;
    }
    try {
      const answer = await fetch(box.dataset.similar + query, { credentials: 'same-origin' });
      const text = answer.ok ? await answer.text() : '';
      if (query === shown) box.innerHTML = text;
    } catch (offline) {
      shown = ''; // asked again with the next choice; sending needs none of it
    }
  };
  form.addEventListener('change', ({ target }) => {
    if (['kind', 'tile', 'building'].includes(target.name)) look();
  });
  return look;
}
