import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseError, parseStack } from '../../../src/stack/parse.ts';
import { root } from '../../support/paths.ts';
import { skipWhen } from '../../support/skip.ts';

const corpora = join(root, '../shared/corpora');
const tracebacks = join(corpora, 'tracebacks');
const list = join(tracebacks, 'expected.json');

interface Expected {
  language: string;
  type: string | null;
  message: string;
  primary: { file: string | null; line: number; column: number | null };
}

/** A text of expected.json may leave out the middle of a message: `Command ... returned`. */
function sameMessage(found: string | null | undefined, wanted: string): boolean {
  const [head = '', tail] = wanted.split(' ... ');
  return tail === undefined
    ? found === wanted
    : Boolean(found?.startsWith(`${head} `) && found.endsWith(` ${tail}`));
}

describe('real tracebacks', () => {
  skipWhen(!existsSync(list), 'the corpus of tracebacks is not on this machine.');
  const expected = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as Record<string, Expected>)
    : {};

  for (const [path, { language, type, message, primary }] of Object.entries(expected))
    it(`lead to type, message and line in ${path}`, () => {
      const found = parseError(readFileSync(join(corpora, path), 'utf8'));
      assert.ok(found);
      assert.deepEqual(
        { language: found.language, type: found.type, primary: found.primary },
        { language, type, primary },
      );
      assert.ok(sameMessage(found.message, message), `${found.message ?? 'none'}, not ${message}`);
    });

  it('lead from the wrapped exception to the root cause', () => {
    const path = 'fluent-detect-exceptions/extracted/NESTED_JAVA_EXC.txt';
    const text = readFileSync(join(tracebacks, path), 'utf8');
    const [cause] = parseError(text)?.causes ?? [];
    assert.deepEqual(
      [cause?.type, cause?.primary?.file, cause?.primary?.line],
      ['javax.mail.SendFailedException', 'AutomaticEmailFacade.java', 229],
    );
  });

  it('are all read without a failure, each in less than 200 ms of processor time', () => {
    for (const path of readdirSync(tracebacks, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:txt|json|rdoc)$|LICENSE$/.test(path)) continue;
      const text = readFileSync(join(tracebacks, path), 'utf8');
      const began = process.cpuUsage();
      parseError(text);
      parseStack(text);
      const { user, system } = process.cpuUsage(began);
      assert.ok(user + system < 200_000, `${path}: ${(user + system) / 1000} ms`);
    }
  });
});
