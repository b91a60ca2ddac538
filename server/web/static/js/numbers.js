/** A kind word while somebody types a number that the company does not get to read; nothing is held back. */

const GAP = '[\\s.·_\\-—/*]{0,2}';
const DIGIT = '[0-9０-９零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]';
const NUMBERS = [
  new RegExp(`(?<!${DIGIT})[1１一幺壹]${GAP}[3-9３-９三四五六七八九叁肆伍陆柒捌玖](?:${GAP}${DIGIT}){9}(?!${DIGIT})`),
  /(?<!\d)[1-9]\d{5}(?:18|19|20)\d{9}[\dXx](?!\d)/,
  /(?<!\d)[3-9]\d{15,18}(?!\d)/,
  /(?:家|我|座机|固话)[^0-9。\n]{0,8}0\d{2,3}[-\s]?\d{7,8}/,
  /(?:微信|加我|vx|wx|qq)[号码是:：\s]{0,5}[a-z0-9][\w-]{4,}/i,
  /[\w.+-]+@[\w-]+\.\w+/,
  /(?:我家|我住|本人住|我们家)[^。！？\n]{0,14}\d{3,4}(?!\d|元|块|度|吨|平|天|年)/,
];
const WORDS = '文字里有电话号码、账号或自家门牌，物业看不到这些，可以照常提交。';
const CALLS = '想让人打电话，请填在“手机号”一栏，物业同样看不到。';
const OFFICE = /^\/(b|m|c)\//;

/** Whether a text holds something that is masked for the company; the server decides, this only says so early. */
export const hasNumbers = (text) => NUMBERS.some((rule) => rule.test(text));

/** A line under each field of words that a resident fills in, shown while there is something to say. */
export function wireNumbers(form) {
  if (OFFICE.test(window.location.pathname)) return;
  const words = form.querySelector('[name="phone"]') ? `${WORDS}${CALLS}` : WORDS;
  form.querySelectorAll('textarea[name="text"], input[name="where"]').forEach((field) => {
    const line = document.createElement('p');
    line.className = 'small';
    line.setAttribute('role', 'status');
    field.after(line);
    const look = () => { line.textContent = hasNumbers(field.value) ? words : ''; };
    field.addEventListener('input', look);
    look();
  });
}
