import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  parseActivity,
  parseCpuTicks,
  parseDisks,
  parseLoad,
  parseMemory,
  parseNetwork,
  parsePressure,
} from '../../../service/sampler/hostProc.ts';

const STAT = `cpu  1108711 18290 230215 1088940 13557 7 8261 2156 500 100
cpu0 546506 9107 111768 559878 4510 0 1929 1077 0 0
intr 20577852 0 0 0
ctxt 78361847
btime 1795308442
processes 172536
procs_running 3
procs_blocked 1
softirq 12075242 0 866209 7
`;

describe('the texts of /proc', () => {
  it('CPU ticks: low priority is user, interrupts are system, guests are counted once', () => {
    const total = 1108711 + 18290 + 230215 + 1088940 + 13557 + 7 + 8261 + 2156;
    assert.deepEqual(parseCpuTicks(STAT), {
      user: 1108711 + 18290,
      system: 230215 + 7 + 8261,
      idle: 1088940,
      iowait: 13557,
      steal: 2156,
      total,
    });
    // Only the begin of the file is read.
    assert.deepEqual(parseCpuTicks(STAT.slice(0, 100)), parseCpuTicks(STAT));
    assert.equal(parseCpuTicks('cpu  10 0 5 85 0 0 0\n').steal, 0);
  });

  it('activity', () => {
    assert.deepEqual(parseActivity(STAT), { context_switches: 78361847, running: 3, blocked: 1 });
  });

  it('memory: what is not available is used; old kernels tell no MemAvailable', () => {
    const lines = ['MemTotal: 1024000 kB', 'MemFree: 204800 kB', 'MemAvailable:   512000 kB'];
    const more = ['Buffers: 10240 kB', 'Cached: 102400 kB', 'SwapCached: 5 kB'];
    const swap = ['SwapTotal: 20480 kB', 'SwapFree: 10240 kB', ''];
    const told = { total: 1000, free: 200, available: 500, cached: 110, swap_used: 10 };
    assert.deepEqual(parseMemory([...lines, ...more, ...swap].join('\n')), told);
    const old = [...lines.slice(0, 2), ...more, ...swap].join('\n');
    assert.deepEqual(parseMemory(old), { ...told, available: 310 });
  });

  it('load and pressure', () => {
    assert.deepEqual(parseLoad('0.32 1.24 10.82 1/95 10244\n'), [0.32, 1.24, 10.82]);
    const text =
      'some avg10=8.51 avg60=3.00 avg300=1.00 total=1\nfull avg10=1.00 avg60=0 total=0\n';
    assert.equal(parsePressure(text), 8.51);
  });

  it('disks: sectors of 512 bytes, of whole disks only', () => {
    const text = `   7       0 loop0 1 2 3 4 5 6 7 8 9 10 11
 254       0 vda 1184573 162460 2048 1346707 2380437 1319518 4096 434078 0 373548 1949765 930097 426 54759976 113111 662004 55867
 254       1 vda1 1 1 2048 1 1 1 4096 1 0 1 1
 259       0 nvme0n1 1 1 1 1 1 1 1 1 0 1 1
`;
    const whole = (name: string) => name === 'vda' || name === 'nvme0n1';
    assert.deepEqual(parseDisks(text, whole), { in: 2049 * 512, out: 4097 * 512 });
  });

  it('network: also when a long name leaves no space behind its colon', () => {
    const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 18989 40 0 0 0 0 0 0 18989 40 0 0 0 0 0 0
wlp0s20f3:1000 7 0 0 0 0 0 0 300 6 0 0 0 0 0 0
  eth0: 20 1 0 0 0 0 0 0 4 1 0 0 0 0 0 0
eth0:1: 9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0
`;
    const card = (name: string) => name === 'eth0' || name === 'wlp0s20f3';
    assert.deepEqual(parseNetwork(text, card), { in: 1020, out: 304 });
  });

  it('another text is refused or read as finite numbers, never as NaN', () => {
    const values = (told: object) => Object.values(told) as number[];
    const parsers = [
      (text: string) => values(parseCpuTicks(text)),
      (text: string) => values(parseActivity(text)),
      (text: string) => values(parseMemory(text)),
      parseLoad,
      (text: string) => [parsePressure(text)],
      (text: string) => values(parseDisks(text, () => true)),
      (text: string) => values(parseNetwork(text, () => true)),
    ];
    const word = fc.constantFrom(
      'cpu',
      ' ',
      '\n',
      ':',
      'ctxt',
      'MemTotal:',
      '1',
      'x',
      '-',
      '9e999',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 40 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom(...parsers), (text, parse) => {
        let numbers: number[];
        try {
          numbers = parse(text);
        } catch (error) {
          assert.ok(error instanceof Error);
          return;
        }
        assert.ok(numbers.every(Number.isFinite), `${JSON.stringify(text)}: ${numbers.join()}`);
      }),
      { numRuns: 2000 },
    );
  });
});
