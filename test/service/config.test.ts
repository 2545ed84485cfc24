import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigSources, PROFILE_THRESHOLDS, loadConfig } from '../../service/config.ts';
import { ProductError } from '../../service/protocol/errors.ts';
import { useTempDir } from '../support/tempDir.ts';

describe('the configuration', () => {
  const folder = useTempDir('config');

  function fileOf(text: string): string {
    const file = join(folder(), 'pipescope.yaml');
    writeFileSync(file, text);
    return file;
  }
  const load = (sources: Partial<ConfigSources>) => loadConfig({ flags: {}, env: {}, ...sources });

  function complaint(sources: Partial<ConfigSources>): string {
    try {
      load(sources);
    } catch (error) {
      assert.ok(error instanceof ProductError && error.code === 'CONFIG_INVALID', String(error));
      assert.doesNotMatch(error.message, /\n/);
      return error.message;
    }
    throw new Error('It was taken.');
  }

  it('has defaults that need no file', () => {
    const config = load({ env: { PIPESCOPE_DATA_DIR: '/data' } });
    assert.deepEqual(config, {
      profile: 'development',
      host: '127.0.0.1',
      port: 4780,
      data_dir: '/data',
      log_level: 'info',
      thresholds: PROFILE_THRESHOLDS.development,
      sampling: { interval_ms: 5000, host_interval_ms: 100 },
      stale_after_ms: 600_000,
      worker_offline_ms: 300_000,
      idle_exit_ms: 0,
      retention: {
        jobs: 100_000,
        job_days: 30,
        alert_days: 30,
        phase_history: 100,
        tasks: 20_000,
        task_days: 7,
        system_hours: 24,
        series_days: 30,
      },
      series: { max_series: 5000, max_per_metric: 1000 },
      targets: [],
      bottleneck_patterns: [],
      alert_defaults: {
        error_rate_percent: 5,
        response_time_ms: 500,
        accuracy_degradation_percent: 20,
        cache_hit_rate_percent: 50,
        resource_percent: 80,
      },
      alerting: {
        cooldown_ms: 300_000,
        rate_per_minute: 10,
        group_wait_ms: 2000,
        reopen_ms: 600_000,
        flap_changes: 5,
        retry_hours: 24,
        quiet_hours: [],
      },
      optimizer: {
        ...{ auto: false, window_ms: 15_000, cooldown_ms: 30_000, answer_ms: 30_000 },
        ...{ expire_ms: 900_000, min_gain: 0.1, strategies: [] },
      },
      optimizer_module: '',
      behind_proxy: false,
    });
  });

  it('takes targets as one list, and names the one that cannot be', () => {
    const targets = [{ target_id: 'error_rate', target: 2, weight: 3 }];
    const file = fileOf('targets:\n  - target_id: error_rate\n    target: 2\n    weight: 3\n');
    assert.deepEqual(load({ file }).targets, targets);
    const flags = { targets: [{ target_id: 'cpu_utilization', weight: 0 }] };
    assert.deepEqual(load({ file, flags }).targets, flags.targets);
    for (const [text, wanted] of [
      ['targets:\n  - target_id: new\n', /^The target "new" is new: give it "metric"/],
      ['targets:\n  - target_id: error_rate\n    target: 6\n', /"error_rate" must be "at_most"/],
      ['targets:\n  - weight: 1\n', /"targets\.0\.target_id": "target_id" is missing/],
      ['targets:\n  - target_id: a\n    colour: red\n', /no setting "targets\.0\.colour"/],
      ['targets: 5\n', /"targets"/],
      ['alert_defaults:\n  resource_percent: 101\n', /"alert_defaults\.resource_percent"/],
    ] as const)
      assert.match(complaint({ file: fileOf(text) }), wanted);
  });

  it('flags beat the environment, which beats the file, which beats the profile', () => {
    const file = fileOf(
      'port: 1\ndata_dir: /file\nprofile: production\nthresholds:\n  error_count: 7\n',
    );
    const env = { PIPESCOPE_PORT: '2', PIPESCOPE_DATA_DIR: '/env', PIPESCOPE_CONFIG: file };
    const fromFile = load({ file });
    assert.deepEqual(
      [fromFile.port, fromFile.data_dir, fromFile.profile],
      [1, '/file', 'production'],
    );
    assert.deepEqual(fromFile.thresholds, { ...PROFILE_THRESHOLDS.production, error_count: 7 });
    const fromEnv = load({ env });
    assert.deepEqual([fromEnv.port, fromEnv.data_dir, fromEnv.profile], [2, '/env', 'production']);
    const flags = { port: 3, data_dir: '/flag', profile: 'development' as const };
    const fromFlags = load({ env, flags });
    assert.deepEqual([fromFlags.port, fromFlags.data_dir], [3, '/flag']);
    assert.deepEqual(fromFlags.thresholds, { ...PROFILE_THRESHOLDS.development, error_count: 7 });
  });

  it('an empty file is no setting at all', () => {
    assert.equal(load({ file: fileOf('') }).port, 4780);
    assert.equal(load({ file: fileOf('# nothing\n') }).port, 4780);
  });

  it('what is wrong in a file is one sentence with file and field', () => {
    const cases: [text: string, names: RegExp][] = [
      ['prot: 4780', /no setting "prot"/],
      ['thresholds:\n  cpu: 5', /no setting "thresholds\.cpu"/],
      ['port: high', /"port".*0 \(any free one\) to 65535/],
      ['port: 70000', /"port"/],
      ['port: 80.5', /"port"/],
      ['port:', /"port"/],
      ['profile: test', /"profile".*development, production/],
      ['log_level: loud', /"log_level".*debug, info, warn, error/],
      ['thresholds: 5', /"thresholds"/],
      ['thresholds:\n  error_count: 0', /"thresholds\.error_count".*error_count/],
      ['sampling:\n  interval_ms: 50', /"sampling\.interval_ms".*100 to 3600000 ms/],
      ['stale_after_ms: 10', /"stale_after_ms".*at least 1000/],
      ['retention:\n  job_days: -1', /"retention\.job_days"/],
      ['retention:\n  series_days: 1e9', /"retention\.series_days".*at most 36500/],
      ['retention:\n  system_hours: 1e9', /"retention\.system_hours".*at most 876000/],
      ['sampling:\n  host_interval_ms: 1', /"sampling\.host_interval_ms".*50 to 3600000, or 0/],
      ['stale_after_ms: 2147483648', /"stale_after_ms".*at most 2147483647/],
      ['worker_offline_ms: 1e12', /"worker_offline_ms".*at most 2147483647/],
      ['idle_exit_ms: 2147483648', /"idle_exit_ms".*at most 2147483647/],
      ['data_dir: ""', /"data_dir".*folder/],
      ['behind_proxy: maybe', /"behind_proxy"/],
      ['- a\n- b', /must hold settings/],
      ['just text', /must hold settings/],
      ['a: b: c', /not valid YAML/],
      ['port: 1\nport: 2', /not valid YAML/],
      ['__proto__:\n  port: 1', /no setting "__proto__"/],
    ];
    for (const [text, names] of cases) {
      const file = fileOf(text);
      const message = complaint({ file });
      assert.match(message, names, text);
      assert.ok(message.includes(file), message);
      assert.match(message, /[.]$/, message);
    }
  });

  it('a file that is not there, or no file, is named', () => {
    assert.match(complaint({ file: '/none/x.yaml' }), /\/none\/x\.yaml cannot be read.*\.$/);
    assert.match(complaint({ file: folder() }), /cannot be read/);
  });

  it('a wrong variable of the environment is named', () => {
    for (const value of ['x', '-1', '4780x', '1e3', '70000'])
      assert.match(
        complaint({ env: { PIPESCOPE_PORT: value } }),
        /PIPESCOPE_PORT.*0 to 65535/,
        value,
      );
    assert.equal(load({ env: { PIPESCOPE_PORT: '' } }).port, 4780);
  });
});
