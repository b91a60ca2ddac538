// WeChat's own subscribe button, on the one page that may carry it. What somebody agrees to the server learns
// from WeChat; nothing is told to it here.
const SDK = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js";
const place = document.getElementById("wechat-button");
const said = document.getElementById("wechat-said");

function say(words) {
  said.textContent = words;
}

function loadSdk() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = SDK;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

async function signature() {
  const page = location.href.split("#")[0];
  const answer = await fetch(`/wechat/jssdk?url=${encodeURIComponent(page)}`, {
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function showButton() {
  const tag = document.createElement("wx-open-subscribe");
  const inside = document.createElement("script");
  inside.type = "text/wxtag-template";
  inside.textContent =
    "<style>.b{width:100%;min-height:48px;border:0;border-radius:8px;background:#048043;color:#fff;font-size:17px}</style>" +
    `<button class="b">${place.dataset.words}</button>`;
  tag.setAttribute("template", place.dataset.template);
  tag.append(inside);
  tag.addEventListener("success", (event) => {
    const details = JSON.stringify(event.detail || "");
    say(details.includes("accept") ? place.dataset.done : "");
  });
  tag.addEventListener("error", () => say(place.dataset.away));
  place.replaceChildren(tag);
  say("");
}

async function begin() {
  if (!/MicroMessenger/.test(navigator.userAgent)) throw new Error("not WeChat");
  const [given] = await Promise.all([signature(), loadSdk()]);
  document.addEventListener("WeixinOpenTagsError", () => say(place.dataset.away));
  window.wx.ready(showButton);
  window.wx.error(() => say(place.dataset.away));
  window.wx.config({ ...given, debug: false, jsApiList: ["closeWindow"], openTagList: ["wx-open-subscribe"] });
}

if (place) begin().catch(() => say(place.dataset.away));
