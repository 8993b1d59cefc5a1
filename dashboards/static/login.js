// Shows the token to the server, once: typed in, or behind the `#` of an address, where no server
// and no log sees it.

const field = document.getElementById("token");
const words = document.getElementById("wrong");

async function show(token) {
  words.textContent = "";
  const response = await fetch("/api/login", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token }),
  });
  if (response.ok) return location.reload();
  const answer = await response.json();
  words.textContent = answer.error;
  return field.select();
}

document.getElementById("login").addEventListener("submit", (event) => {
  event.preventDefault();
  show(field.value);
});

const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  history.replaceState(null, "", location.pathname + location.search); // not to be kept or shared
  show(given);
}
