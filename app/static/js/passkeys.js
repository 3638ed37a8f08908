// Passkeys: asks the browser for one, puts what it signed into the form, and sends that.
// Forms that sign in are hidden until this module has found that the browser can do it.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

// What the server sends has base64url where the browser wants bytes, and the other way round.
function forBrowser(options) {
  const wanted = { ...options, challenge: bytes(options.challenge) };
  if (options.user) wanted.user = { ...options.user, id: bytes(options.user.id) };
  wanted.allowCredentials = named(options.allowCredentials);
  wanted.excludeCredentials = named(options.excludeCredentials);
  return wanted;
}

function forServer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.optionsFrom, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error("no options");
  return answer.json();
}

async function sign(form) {
  const failed = form.querySelector("[data-failed]");
  failed.hidden = true;
  try {
    const publicKey = forBrowser(await optionsOf(form));
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.querySelector("[name=credential]").value = forServer(credential);
    form.submit();
  } catch { // cancelled, too late, or no such passkey: browsers do not tell which
    failed.hidden = false;
    delete form.dataset.sent;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      sign(form);
    });
  }
}
