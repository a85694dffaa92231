import { closeRedis, connectRedis, type Redis } from '../queues/connection.js';
import { readSupervisorSigns, readWorkerSigns } from '../queues/heartbeats.js';
import { Keyspace } from '../queues/keyspace.js';
import { sendWorkerCommand, type WorkerCommand } from '../queues/worker-commands.js';

/** Where operators tell running workers what to do. */
export class WorkerDesk {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;

  private constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#keyspace = new Keyspace(prefix);
  }

  /** @throws DswError `unavailable` when Redis does not answer. */
  static async open(redisUrl: string, prefix: string): Promise<WorkerDesk> {
    return new WorkerDesk(
      await connectRedis(redisUrl, { name: 'dsw-workers', manner: 'brisk' }),
      prefix,
    );
  }

  /**
   * Leaves a command, taken within a heartbeat, for workers, or for supervisors when it is theirs.
   * @param names whom to tell; none: all that run.
   * @returns those told.
   */
  async tell(command: WorkerCommand, names: readonly string[]): Promise<string[]> {
    const running = command.kind === 'scale' ? await this.#supervisors() : await this.#workers();
    const told = names.length === 0 ? running : running.filter((id) => names.includes(id));
    for (const id of told) await sendWorkerCommand(this.#redis, this.#keyspace, id, command);
    return told;
  }

  async close(): Promise<void> {
    await closeRedis(this.#redis);
  }

  async #workers(): Promise<string[]> {
    const { hash, now } = await this.#read(this.#keyspace.workers);
    const workers = readWorkerSigns(hash, now);
    return workers.filter(({ state }) => state !== 'lost').map(({ id }) => id);
  }

  async #supervisors(): Promise<string[]> {
    const { hash, now } = await this.#read(this.#keyspace.supervisors);
    return readSupervisorSigns(hash, now).map(({ id }) => id);
  }

  async #read(key: string): Promise<{ hash: Record<string, string>; now: number }> {
    const [hash, [seconds]] = await Promise.all([this.#redis.hgetall(key), this.#redis.time()]);
    return { hash, now: Number(seconds) * 1000 };
  }
}
