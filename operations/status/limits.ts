/** The controller runs each minute: one that has said nothing for three is not alive. In milliseconds. */
export const SILENCE = 3 * 60_000;

/** The newest dump is a night's, and some hours may pass until it is made and carried over. */
export const DUMP_HOURS = 26;
