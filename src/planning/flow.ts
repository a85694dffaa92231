import { addHistogram, emptyHistogram, observe } from './histogram.js';
import type { QueueName } from './queue-names.js';
import type { FlowBucket, QueueFlow, TaskFlow } from './snapshot.js';

/** How one try of a job went. */
export interface TryRecord {
  queue: QueueName;
  task: string;
  waitSeconds: number;
  serviceSeconds: number;
  cpuSeconds: number;
  completed: boolean;
}

/** A stretch of time in which nothing has flowed yet. */
export function emptyFlow(startsAt: number): FlowBucket {
  return { startsAt, since: startsAt, queues: new Map(), tasks: new Map() };
}

/** What flowed through one queue, to be added to. */
export function queueFlowOf({ queues }: FlowBucket, name: QueueName): QueueFlow {
  const flow = queues.get(name) ?? {
    enqueuedBefore: undefined,
    enqueuedTotal: undefined,
    waiting: undefined,
    completed: 0,
    failed: 0,
    wait: emptyHistogram(),
  };
  queues.set(name, flow);
  return flow;
}

/** What became of one task's jobs, to be added to. */
export function taskFlowOf({ tasks }: FlowBucket, name: string): TaskFlow {
  const flow = tasks.get(name) ?? {
    completed: 0,
    failed: 0,
    service: emptyHistogram(),
    cpuSeconds: 0,
  };
  tasks.set(name, flow);
  return flow;
}

/** Counts one try in. */
export function countTry(flow: FlowBucket, record: TryRecord): void {
  const queue = queueFlowOf(flow, record.queue);
  const task = taskFlowOf(flow, record.task);
  const outcome = record.completed ? 'completed' : 'failed';
  queue[outcome] += 1;
  task[outcome] += 1;
  observe(queue.wait, record.waitSeconds);
  observe(task.service, record.serviceSeconds);
  task.cpuSeconds += record.cpuSeconds;
}

/** Adds all of `from`, which is no older, to `into`. */
export function addFlow(into: FlowBucket, from: FlowBucket): void {
  for (const [name, { completed, failed, wait, ...counted }] of from.queues) {
    const queue = queueFlowOf(into, name);
    queue.completed += completed;
    queue.failed += failed;
    queue.enqueuedBefore ??= counted.enqueuedBefore;
    queue.enqueuedTotal = counted.enqueuedTotal ?? queue.enqueuedTotal;
    queue.waiting = counted.waiting ?? queue.waiting;
    addHistogram(queue.wait, wait);
  }
  for (const [name, { completed, failed, service, cpuSeconds }] of from.tasks) {
    const task = taskFlowOf(into, name);
    task.completed += completed;
    task.failed += failed;
    task.cpuSeconds += cpuSeconds;
    addHistogram(task.service, service);
  }
}

/** All of several stretches, oldest first, as one. */
export function mergeFlows(flows: readonly FlowBucket[]): FlowBucket {
  const merged = emptyFlow(flows[0]?.startsAt ?? 0);
  for (const flow of flows) addFlow(merged, flow);
  return merged;
}
