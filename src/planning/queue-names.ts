/** The queues, most urgent first: a slot takes from a queue only when all before it are empty. */
export const QUEUE_NAMES = ['high_priority', 'default', 'low_priority', 'maintenance'] as const;

export type QueueName = (typeof QUEUE_NAMES)[number];
