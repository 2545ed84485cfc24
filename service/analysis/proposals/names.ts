/** Who proposes what no strategy of `strategies/` or of the configuration does. */
export const MODULE_STRATEGY = 'module';
export const ROLLBACK_STRATEGY = 'rollback';
