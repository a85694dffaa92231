/** Slots that one worker may be asked for. */
export const MAX_SLOTS = 1024;

/** Processes that one machine may be asked to start. */
export const MAX_REPLICAS = 256;
