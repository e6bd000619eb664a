// Gradio tells a page of its events in one stream, which the server closes when none is left. An event that was
// sent just then would wait for ever: instead of the close, its page gets the next stream.

const unfinished = new Set(); // ids of events
const plain = window.fetch;
window.fetch = async (asked, options) => {
  const answer = await plain(asked, options);
  const { pathname } = new URL(asked.url ?? asked, location);
  if (pathname.endsWith("/queue/join") && answer.ok) unfinished.add((await answer.clone().json()).event_id);
  if (!pathname.endsWith("/queue/data") || !answer.ok) return answer;
  const told = messages(answer, () => plain(asked, options)).pipeThrough(new TextEncoderStream());
  return new Response(told, { headers: answer.headers });
};

function messages(answer, again) {
  const texts = ({ body }) => body.pipeThrough(new TextDecoderStream()).getReader();
  let reader = texts(answer);
  let rest = "";
  const told = { pull, cancel: () => reader.cancel() };
  async function pull(out) {
    const { done, value } = await reader.read();
    const whole = (rest + (value ?? "")).split("\n\n");
    rest = whole.pop();
    for (const one of whole) {
      unfinished.delete(/"msg":"process_completed","event_id":"(\w+)"/.exec(one)?.[1]);
      if (!one.includes('{"msg":"close_stream"') || !unfinished.size) {
        out.enqueue(`${one}\n\n`);
        continue;
      }
      unfinished.clear();
      reader = texts(await again());
      return pull(out);
    }
    if (done) out.close();
    else if (!whole.length) return pull(out);
  }
  return new ReadableStream(told);
}
