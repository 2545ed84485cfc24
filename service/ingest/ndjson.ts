/** `application/x-ndjson`: one event a line. A line that is no JSON is one rejected event, the others are taken. */
export function fromNdjson(body: string): unknown[] {
  const values: unknown[] = [];
  for (const line of body.split('\n')) {
    if (line.trim() === '') continue;
    values.push(parseLine(line));
  }
  return values;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Parsing events refuses what is no object, with its place in the batch.
    return undefined;
  }
}
