/** Who may import whom: docs/architecture.md names the layers, this file holds the code to them. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(service|src|webview|test|examples|clients)/', pathNot: allowed },
});
const pure = '^service/(core|series|analysis|alerts/rules|ingest)/';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    only('protocol-is-a-leaf', '^service/protocol/', '^service/protocol/'),
    only('pure-parts', pure, '^service/(protocol|core|series|analysis|alerts/rules|ingest)/'),
    only(
      'storage',
      '^service/storage/',
      '^service/(protocol|core|series|storage)/|^service/(clock|logger)\\.ts$',
    ),
    only('extension', '^src/', '^src/|^service/protocol/'),
    only('webview', '^webview/', '^webview/|^service/protocol/'),
    {
      name: 'nothing-imports-test',
      severity: 'error',
      from: { path: '^(service|src|webview)/' },
      to: { path: '^test/' },
    },
    {
      name: 'pure-parts-do-no-io',
      severity: 'error',
      from: { path: `^service/protocol/|${pure}` },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'service/tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
