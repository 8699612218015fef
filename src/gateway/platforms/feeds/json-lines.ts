/** The values of a stream of JSON, one a line; what is no JSON is left out. */
export async function* jsonLines(stream: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      try {
        if (line.trim() !== '') yield JSON.parse(line) as unknown;
      } catch {
        // Half a line after the engine was restarted.
      }
    }
  }
}
