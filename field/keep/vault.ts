import {
  type Lock,
  NotKept,
  putLock,
  putSealed,
  putVault,
  readLocks,
  readOneSealed,
  readPhotographKeys,
  readSealed,
  removeSealed,
  removeVault,
  type Sealed,
} from './database.ts';

/** As OWASP advises for PBKDF2 with SHA-256: a third of a second on a cheap phone, once a sign-in. */
const ROUNDS = 600_000;
const FREE_TRIES = 5;
const CLOSED_MS = 30_000;

const text = new TextEncoder();

/** What one account keeps on this phone: every record encrypted (AES-256-GCM) under a key that exists only while it is unlocked. */
export class Vault {
  readonly id: string;
  readonly #lock: Lock;
  readonly #key: CryptoKey;
  #closed = false;
  /** Whether the database was cleared beneath the open page, and put back. */
  wasCleared = false;
  /** Everything that is open on this phone, as it would be written down; whoever opened it says so. */
  whole: () => Readonly<Record<string, unknown>> = () => ({});

  constructor(lock: Lock, key: CryptoKey) {
    this.id = lock.id;
    this.#lock = lock;
    this.#key = key;
  }

  /**
   * Seals records and puts them into the database, all or none. Where the browser, or a cleaning tool, has cleared the database beneath the open page, the
   * lock is put back with everything that is still in memory: else what follows would be written for nobody.
   * @throws NotKept
   */
  async put(records: Readonly<Record<string, unknown>>): Promise<void> {
    const items = await this.#sealed(records);
    // Whatever was still under way when it was taken off the phone comes too late.
    if (this.#closed) throw new NotKept('closed');
    if (await putSealed(this.id, items)) return;
    const whole = await this.#sealed({ ...this.whole(), ...records });
    if (this.#closed) throw new NotKept('closed');
    await putVault(this.#lock, whole);
    this.wasCleared = true;
  }

  #sealed(records: Readonly<Record<string, unknown>>): Promise<Sealed[]> {
    return Promise.all(
      Object.entries(records).map(async ([key, value]) => {
        const iv = random(12);
        const data = await crypto.subtle.encrypt(this.#sealing(key, iv), this.#key, text.encode(JSON.stringify(value)));
        return { vault: this.id, key, iv, data };
      }),
    );
  }

  /** Takes everything in it off the phone. */
  async destroy(): Promise<void> {
    this.#closed = true;
    await removeVault(this.id);
  }

  remove(keys: readonly string[]): Promise<void> {
    return removeSealed(this.id, keys);
  }

  /** Every record but photographs, by its key. One that cannot be read any more is named, and does not hold the others. */
  async readAll(): Promise<{ records: Map<string, unknown>; broken: string[] }> {
    const records = new Map<string, unknown>();
    const broken: string[] = [];
    await Promise.all(
      (await readSealed(this.id)).map(async (sealed) => {
        try {
          records.set(sealed.key, await this.#opened(sealed));
        } catch {
          broken.push(sealed.key);
        }
      }),
    );
    return { records, broken };
  }

  /** One record; undefined when it is not there, or cannot be read any more. */
  async read(key: string): Promise<unknown> {
    const sealed = await readOneSealed(this.id, key);
    return sealed === undefined ? undefined : await this.#opened(sealed).catch(() => undefined);
  }

  /** The photographs that are here, by their keys. */
  photographs(): Promise<string[]> {
    return readPhotographKeys(this.id);
  }

  async #opened({ key, iv, data }: Sealed): Promise<unknown> {
    const clear = await crypto.subtle.decrypt(this.#sealing(key, iv), this.#key, data);
    return JSON.parse(new TextDecoder().decode(clear));
  }

  /** Bound to its vault and key: a record that was moved elsewhere does not open. */
  #sealing(key: string, iv: Uint8Array<ArrayBuffer>) {
    return { name: 'AES-GCM', iv, additionalData: text.encode(`${this.id}/${key}`) };
  }
}

/** A new vault for somebody who has just signed in. */
export async function createVault(owner: string, label: string, pin: string): Promise<Vault> {
  const salt = random(16);
  const pepper = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  if (!('type' in pepper)) throw new Error('A secret key was asked for.');
  const key = random(32);
  const others = (await readLocks()).filter((one) => one.label.startsWith(label));
  const iv = random(12);
  const lock: Lock = {
    id: randomId(),
    // Two people of one village on one phone: the first keeps the plain name.
    label: others.length === 0 ? label : `${label}（第 ${others.length + 1} 人）`,
    owner: await ownerOf(owner, salt),
    salt,
    rounds: ROUNDS,
    pepper,
    iv,
    wrapped: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyOfPin(pin, salt, ROUNDS, pepper), key),
    wrong: 0,
    closedUntil: 0,
    lastUsed: Date.now(),
  };
  await putLock(lock);
  return new Vault(lock, await imported(key));
}

/** Opens a vault by its PIN; after five wrong ones each further try waits. */
export async function openVault(lock: Lock, pin: string): Promise<Vault | 'wrong' | 'closed'> {
  if (Date.now() < lock.closedUntil && lock.closedUntil - Date.now() <= CLOSED_MS) return 'closed';
  try {
    const unlocking = await keyOfPin(pin, lock.salt, lock.rounds, lock.pepper);
    const key = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: lock.iv }, unlocking, lock.wrapped);
    Object.assign(lock, { wrong: 0, closedUntil: 0, lastUsed: Date.now() });
    // A phone without room must still open.
    await putLock(lock).catch(() => undefined);
    return new Vault(lock, await imported(new Uint8Array(key)));
  } catch {
    lock.wrong += 1;
    if (lock.wrong >= FREE_TRIES) lock.closedUntil = Date.now() + CLOSED_MS;
    await putLock(lock).catch(() => undefined);
    return 'wrong';
  }
}

/** Whose a lock is, without saying it. */
export async function ownerOf(owner: string, salt: Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = text.encode(owner);
  const both = new Uint8Array(salt.length + bytes.length);
  both.set(salt);
  both.set(bytes, salt.length);
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', both)));
}

async function keyOfPin(
  pin: string,
  salt: Uint8Array<ArrayBuffer>,
  rounds: number,
  pepper: CryptoKey,
): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', text.encode(pin), 'PBKDF2', false, ['deriveBits']);
  const slow = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, base, 256);
  return await imported(new Uint8Array(await crypto.subtle.sign('HMAC', pepper, slow)));
}

function imported(key: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

export function randomId(): string {
  return hex(random(12));
}

function random(bytes: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
