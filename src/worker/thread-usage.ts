import { openSync, readSync } from 'node:fs';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MB = 1024 * 1024;

/** A global function of a slot's thread: see `offerMeasurement`. */
export const MEASURE = 'dswMeasure';

/** What a thread holds, and the job that it runs meanwhile, if any. */
export interface Measurement {
  heldMb: number;
  jobId: string | undefined;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** What is needed of a namespace that TypeScript knows only together with the browser's. */
interface Wasm {
  Memory: new (...args: never[]) => WasmMemory;
  Instance: new (...args: never[]) => { exports: object };
  instantiate(source: unknown, imports?: unknown): Promise<unknown>;
}

const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;
const memories = new Set<WeakRef<WasmMemory>>();

/**
 * Notes every WebAssembly memory of this thread from now on. V8 counts neither its own limit nor
 * its statistics against them, and the OCR engine keeps nearly everything there.
 */
export function watchWebAssemblyMemory(): void {
  const instantiate = wasm.instantiate.bind(wasm);
  wasm.instantiate = async (source, imports) => {
    noteMemories(imports);
    const result = await instantiate(source, imports);
    noteMemories(result);
    return result;
  };
}

/** Finds memories among imports (module → name → value) and in what instantiating gives. */
function noteMemories(holder: unknown, depth = 0): void {
  if (typeof holder !== 'object' || holder === null || depth > 2) return;
  if (holder instanceof wasm.Memory) {
    memories.add(new WeakRef(holder));
    return;
  }
  const values = holder instanceof wasm.Instance ? holder.exports : holder;
  for (const value of Object.values(values)) noteMemories(value, depth + 1);
}

/** JavaScript heap, array buffers and WebAssembly memory of the calling thread. */
export function threadMemoryMb(): number {
  let bytes = 0;
  for (const reference of memories) {
    const memory = reference.deref();
    if (memory) bytes += memory.buffer.byteLength;
    else memories.delete(reference);
  }
  const heap = getHeapStatistics();
  return (bytes + heap.total_heap_size + heap.external_memory) / MB;
}

/** Lets a ThreadProbe ask the calling thread what it holds, if it says so without its garbage. */
export function offerMeasurement(runningJob: () => string | undefined): void {
  const measure = (withoutGarbage: boolean): Measurement => {
    if (withoutGarbage) collectGarbage();
    return { heldMb: threadMemoryMb(), jobId: runningJob() };
  };
  Object.defineProperty(globalThis, MEASURE, { value: measure });
}

let collect: (() => void) | undefined;

/** In the middle of whatever the thread does. */
function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}

/**
 * Gives back to the system what the calling thread doesn't use. Loading leaves a third of a small
 * slot's memory behind, which V8 alone would keep for later.
 */
export async function giveBackUnused(): Promise<void> {
  const { Session } = await import('node:inspector');
  const session = new Session();
  session.connect();
  await new Promise((resolve) => session.post('HeapProfiler.collectGarbage', resolve));
  session.disconnect();
}

type CpuUsage = () => { user: number; system: number };

const threadCpuUsage = (process as { threadCpuUsage?: CpuUsage }).threadCpuUsage?.bind(process);

/** Shorter laps are taken for pure computing: they are not worth the read that measures them. */
const MEASURED_MS = 5;

/** Measures the CPU time of one job after the other in the calling thread. */
export class CpuStopwatch {
  /** Opened once: to open, read and close costs five times as much as to read. Ends with the thread. */
  readonly #schedule = threadCpuUsage ? undefined : openSchedule();
  readonly #reading = Buffer.alloc(128);
  #seenMs = this.#threadMs();

  /** @param wallMs how long the job took. @returns CPU time since the last lap, at most that. */
  lap(wallMs: number): number {
    if (wallMs < MEASURED_MS) {
      this.#seenMs += wallMs;
      return wallMs;
    }
    const now = this.#threadMs();
    const used = Math.max(0, Math.min(wallMs, now - this.#seenMs));
    this.#seenMs = now;
    return used;
  }

  /** CPU time of the calling thread so far; 0 where the system does not tell. */
  #threadMs(): number {
    if (threadCpuUsage) {
      const { user, system } = threadCpuUsage();
      return (user + system) / 1000;
    }
    if (this.#schedule === undefined) return 0;
    const length = readSync(this.#schedule, this.#reading, 0, this.#reading.length, 0);
    // Nanoseconds on a processor, exact where /proc/thread-self/stat counts whole ticks.
    return Number(this.#reading.toString('latin1', 0, length).split(' ', 1)[0]) / 1e6;
  }
}

function openSchedule(): number | undefined {
  try {
    return openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    return undefined;
  }
}
