// Stands in for native-watchdog, which ends an extension host whose server has died; the tests end both by group.
exports.start = () => {};
exports.exit = (code) => process.exit(code ?? 0);
