import assert from 'node:assert/strict';
import { has, useFolder } from './support/programs.ts';
import { told } from './support/told.ts';

describe('errors of shells, awk and sqlite', () => {
  const folder = useFolder();
  before(() =>
    folder.write({
      'missing.sh': 'set -eu\necho hi\nno-such-tool -p x\n',
      'unset.sh': 'set -u\necho $NOPE\n',
      'open.sh': 'if true; then\n',
      'bad.awk': 'BEGIN {\n print 1\n  x = = 2\n}\n',
    }),
  );

  it('are read as bash prints them', function () {
    if (!has('bash')) this.skip();
    const says = (file: string): string => told(folder.run('bash', [file]));
    assert.equal(
      says('missing.sh'),
      'bash command not found: no-such-tool: command not found @ missing.sh:3',
    );
    assert.equal(says('unset.sh'), 'bash unbound variable: NOPE: unbound variable @ unset.sh:2');
    assert.match(says('open.sh'), /^bash syntax error: .+ @ open\.sh:2$/);
  });

  it('are read as the plain shell prints them', () => {
    assert.match(told(folder.run('sh', ['missing.sh'])), /^bash .*not found: .+ @ missing\.sh:3$/);
    assert.match(told(folder.run('sh', ['unset.sh'])), /^bash .+ @ unset\.sh:2$/);
    assert.match(told(folder.run('sh', ['open.sh'])), /^bash [Ss]yntax error: .+ @ open\.sh:2$/);
  });

  it('are read as awk prints them', function () {
    if (!has('awk', '-V') && !has('awk', '-W version')) this.skip();
    assert.match(told(folder.run('awk', ['-f', 'bad.awk'])), /^awk .*syntax error.* @ bad\.awk:3$/);
  });

  it('are read as sqlite3 prints them', function () {
    if (!has('sqlite3')) this.skip();
    const text = folder.run('sqlite3', [':memory:', 'select 1;\nselect * frm x;']);
    assert.match(told(text), /^(?:sql .+ @ \?:\d|none)$/);
  });

  it('of what was typed into a shell are in no file', () => {
    assert.equal(
      told('bash: line 1: nope: command not found'),
      'bash command not found: nope: command not found @ ?:1',
    );
  });
});
