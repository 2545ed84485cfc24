/**
 * What the analysis reaches on public data, written into docs/analysis.md between the markers of each topic, and printed.
 *   npm run bench:analysis                       all topics
 *   npm run bench:analysis -- --only changes     one of them (may be given more than once)
 *   npm run bench:analysis -- --print            prints only, the document stays as it is
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { asMarkdown, type TopicResult } from './topic.ts';

/** One file each beside this one, one pair of markers each in the document. */
const TOPICS = ['anomalies', 'changes', 'eta', 'bottlenecks', 'proposals', 'cost'];
const DOCUMENT = new URL('../../docs/analysis.md', import.meta.url);

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, print: { type: 'boolean' } },
});

function wanted(): string[] {
  const unknown = values.only?.find((topic) => !TOPICS.includes(topic));
  if (unknown !== undefined)
    throw new Error(`There is no topic "${unknown}". Choose one of: ${TOPICS.join(', ')}.`);
  return values.only ?? TOPICS;
}

async function resultOf(topic: string): Promise<string | null> {
  const file = new URL(`${topic}.ts`, import.meta.url);
  if (!existsSync(file)) {
    console.log(`${topic}: there is no bench/analysis/${topic}.ts yet.`);
    return null;
  }
  const module = (await import(file.href)) as { run: () => Promise<TopicResult> };
  const began = performance.now();
  const text = asMarkdown(await module.run());
  console.log(`\n${text}\n\n(${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return text;
}

/** The document with the text between the topic's markers; an error when the markers are gone. */
function withTable(document: string, topic: string, text: string): string {
  const [open, close] = [`<!-- table:${topic} -->`, `<!-- /table -->`];
  const begin = document.indexOf(open);
  const end = document.indexOf(close, begin);
  if (begin < 0 || end < 0)
    throw new Error(`docs/analysis.md has no "${open}" followed by "${close}". Put them back.`);
  return `${document.slice(0, begin + open.length)}\n\n${text}\n\n${document.slice(end)}`;
}

let failed = 0;
for (const topic of wanted()) {
  try {
    const text = await resultOf(topic);
    if (text === null || values.print === true) continue;
    // Read again for each topic: another run may have written in between.
    await writeFile(DOCUMENT, withTable(await readFile(DOCUMENT, 'utf8'), topic, text));
  } catch (error) {
    failed++;
    console.error(
      `${topic}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}
if (failed > 0) process.exitCode = 1;
