import assert from 'node:assert/strict';
import {
  parseCores,
  parseDiskWork,
  parsePackets,
  parsePaging,
  parsePressureTotals,
  parseSegments,
} from '../../../service/sampler/hostWaitTexts.ts';
import {
  Cores,
  Disks,
  PacketRates,
  PagingRates,
  Retransmits,
  Stalls,
} from '../../../service/sampler/hostWaits.ts';

const pressure = (some: number, full?: number) =>
  `some avg10=1.00 avg60=0.00 avg300=0.00 total=${some}\n` +
  (full === undefined ? '' : `full avg10=0.50 avg60=0.00 avg300=0.00 total=${full}\n`);
const cores = (...lines: string[]) => ['cpu  1 2 3 4', ...lines, 'intr 5 6', ''].join('\n');
const disk = (numbers: string) =>
  `   8       0 sda ${numbers}\n   8       1 sda1 9 9 9 9 9 9 9 9 9 9 9\n`;
const isSda = (name: string) => name === 'sda';
const net = (lo: string, eth: string) =>
  `Inter-|   Receive\n face |bytes packets\n    lo: ${lo}\n  eth0: ${eth}\n`;
const tcp = (sent: number, again: number) =>
  `Ip: A B\nIp: 1 2\nTcp: RtoMin OutSegs RetransSegs\nTcp: 200 ${sent} ${again}\n`;

describe('what Linux says of waiting', () => {
  it('stalls: the share of the last second, of something and of all', () => {
    assert.deepEqual(parsePressureTotals(pressure(7, 3)), { some: 7, full: 3 });
    assert.deepEqual(parsePressureTotals(pressure(7)), { some: 7, full: null });
    assert.throws(() => parsePressureTotals('nonsense'), /no total/);
    const io = new Stalls('io');
    assert.deepEqual(io.add(pressure(1_000_000, 500_000), 1000), {
      ...{ host_stall_io_percent: null, host_stall_io_full_percent: null },
    });
    assert.deepEqual(io.add(pressure(1_400_000, 600_000), 2000), {
      ...{ host_stall_io_percent: 40, host_stall_io_full_percent: 10 },
    });
    const cpu = new Stalls('cpu');
    cpu.add(pressure(0, 0), 0);
    // Counters are told a little late: never more than all of the time.
    assert.deepEqual(cpu.add(pressure(1_100_000, 0), 1000), { host_stall_cpu_percent: 100 });
  });

  it('cores: the busiest one, and interrupts', () => {
    const text = cores('cpu0 100 0 50 800 50 0 0 0 0 0', 'cpu1 10 0 10 980 0 0 0 0 0 0');
    assert.deepEqual(parseCores(text)[0], { busy: 150, total: 1000, softirq: 0 });
    const look = new Cores();
    const nothing = { host_cpu_core_max_percent: null, host_cpu_softirq_percent: null };
    assert.deepEqual(look.add(text), nothing);
    const next = cores('cpu0 180 0 60 810 50 0 0 0 0 0', 'cpu1 10 0 10 1060 0 0 20 0 0 0');
    assert.deepEqual(look.add(next), {
      ...{ host_cpu_core_max_percent: 90, host_cpu_softirq_percent: 10 },
    });
    assert.deepEqual(look.add(cores('cpu0 180 0 60 810 50 0 0 0 0 0')), nothing);
  });

  it('disks: time with work, and how long a request took', () => {
    const disks = parseDiskWork(disk('10 0 80 40 20 0 160 60 0 90 100 0'), isSda);
    assert.deepEqual([...disks], [['sda', { requests: 30, waited_ms: 100, busy_ms: 90 }]]);
    const look = new Disks();
    const unknown = { host_disk_busy_percent: null, host_disk_wait_ms: null };
    assert.deepEqual(look.add(disk('10 0 80 40 20 0 160 60 0 90 100 0'), 1000, isSda), unknown);
    assert.deepEqual(look.add(disk('20 0 80 140 30 0 160 160 0 590 300 0'), 2000, isSda), {
      ...{ host_disk_busy_percent: 50, host_disk_wait_ms: 10 },
    });
    assert.deepEqual(look.add('', 3000, isSda), unknown);
  });

  it('packets: the loopback counts once', () => {
    const text = net('1048576 10 0 0 0 0 0 0 1048576 10', '500 3 0 0 0 0 0 0 700 4 0');
    assert.deepEqual(parsePackets(text), { loopback_bytes: 1_048_576, packets: 17 });
    const look = new PacketRates();
    look.add(text, 0);
    const next = net('3145728 30 0 0 0 0 0 0 3145728 30', '500 3 0 0 0 0 0 0 700 4 0');
    assert.deepEqual(look.add(next, 2000), { host_loopback_mb_s: 1, host_packets_per_s: 10 });
  });

  it('TCP: the share that is sent again, where enough is sent', () => {
    assert.deepEqual(parseSegments(tcp(100, 5)), { sent: 100, again: 5 });
    assert.equal(parseSegments('Udp: A\nUdp: 1\n'), null);
    const look = new Retransmits();
    assert.deepEqual(look.add(tcp(1000, 0), 0), { host_tcp_retransmits_percent: null });
    assert.deepEqual(look.add(tcp(2000, 50), 1000), { host_tcp_retransmits_percent: 5 });
    assert.deepEqual(look.add(tcp(2010, 55), 2000), { host_tcp_retransmits_percent: 0 });
  });

  it('paging: swap and what is read again; old kernels tell one number', () => {
    const text = 'pswpin 256\npswpout 256\nworkingset_refault_anon 1\nworkingset_refault_file 9\n';
    assert.deepEqual(parsePaging(text), { swapped: 512, refaulted: 10 });
    assert.deepEqual(parsePaging('workingset_refault 4\n'), { swapped: 0, refaulted: 4 });
    const look = new PagingRates();
    look.add('pswpin 0\npswpout 0\nworkingset_refault 0\n', 0);
    assert.deepEqual(look.add(text, 1000), { host_swap_mb_s: 2, host_refaults_per_s: 10 });
  });
});
