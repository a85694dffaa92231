// A discrete event simulation as a textbook has it: a binary heap of event objects, a queue that is an
// array, Math.random and Math.log, and the waits in an array that is sorted for the percentile.
export function simulateWithHeap({ arrivalRate, serviceTime, servers }, jobs) {
  const events = [];
  const queue = [];
  const waits = [];
  let busy = 0;
  let arrived = 1;
  push(events, { at: exponential(1 / arrivalRate), kind: 'arrival' });
  while (events.length > 0) {
    const { at, kind } = pop(events);
    if (kind === 'arrival') {
      if (arrived++ < jobs)
        push(events, { at: at + exponential(1 / arrivalRate), kind: 'arrival' });
      if (busy === servers) {
        queue.push(at);
        continue;
      }
      busy += 1;
      waits.push(0);
    } else if (queue.length > 0) {
      waits.push(at - queue.shift());
    } else {
      busy -= 1;
      continue;
    }
    push(events, { at: at + exponential(serviceTime.mean), kind: 'departure' });
  }
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  waits.sort((a, b) => a - b);
  return { mean, p95: waits[Math.floor(0.95 * waits.length)] };
}

function exponential(mean) {
  return -mean * Math.log(1 - Math.random());
}

function push(heap, event) {
  let hole = heap.push(event) - 1;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (heap[parent].at <= event.at) break;
    heap[hole] = heap[parent];
    hole = parent;
  }
  heap[hole] = event;
}

function pop(heap) {
  const first = heap[0];
  const last = heap.pop();
  if (heap.length === 0) return first;
  let hole = 0;
  for (let child = 1; child < heap.length; child = 2 * hole + 1) {
    if (child + 1 < heap.length && heap[child + 1].at < heap[child].at) child += 1;
    if (heap[child].at >= last.at) break;
    heap[hole] = heap[child];
    hole = child;
  }
  heap[hole] = last;
  return first;
}
