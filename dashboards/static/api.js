// Asking the server, and being told by it.

const QUIET_MILLISECONDS = 15_000;
const AGAIN_MILLISECONDS = 2_000;

/** Return the answer to a question; an Error's words are the server's own. `signal` takes it back. */
export async function get(address, signal) {
  const response = await fetch(address, { signal });
  if (response.status === 401) location.reload(); // the page asks for its token anew
  const answer = await response.json().catch(() => ({ error: `the page's server failed (${response.status})` }));
  if (!response.ok || answer.error) throw new Error([answer.error, answer.hint].filter(Boolean).join(": "));
  return answer;
}

/**
 * Hear of a run whenever something new is stored, until `close()`. `tell(trust)` is called with
 * each word, `complain(words)` where there is none; a connection that breaks is made again.
 */
export function follow(run, tell, complain) {
  let source = null;
  let timer = 0;
  let isClosed = false;
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => again("the page's server is silent"), QUIET_MILLISECONDS);
  };
  const again = (words) => {
    source?.close();
    if (isClosed) return;
    complain(words);
    clearTimeout(timer);
    timer = setTimeout(open, AGAIN_MILLISECONDS);
  };
  const open = () => {
    source = new EventSource(`/api/live?${new URLSearchParams({ run })}`);
    source.addEventListener("trust", (event) => {
      listen();
      tell(JSON.parse(event.data));
    });
    source.addEventListener("beat", listen);
    source.addEventListener("trouble", (event) => {
      listen();
      const { error, hint } = JSON.parse(event.data);
      complain([error, hint].filter(Boolean).join(": "));
    });
    source.addEventListener("error", () => again("the page's server does not answer"));
    listen();
  };
  open();
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      source.close();
    },
  };
}
