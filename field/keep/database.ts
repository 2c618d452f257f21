/** The phone's database: locks are readable (they name nobody), everything else is sealed under the key of its lock. */
const NAME = 'shouwang-field';

export interface Lock {
  id: string;
  /** A region's name and a role, so that the right one of two is chosen; never a person's. */
  label: string;
  /** Digest of who signed in, under this lock's own salt. */
  owner: string;
  salt: Uint8Array<ArrayBuffer>;
  rounds: number;
  /** Never leaves the browser: without it the PIN's few digits could be tried out on a copied database. */
  pepper: CryptoKey;
  iv: Uint8Array<ArrayBuffer>;
  wrapped: ArrayBuffer;
  /** Wrong PINs in a row, and until when no further one is taken. */
  wrong: number;
  closedUntil: number;
  lastUsed: number;
}

export interface Sealed {
  vault: string;
  key: string;
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

/** The phone has no room left, or takes nothing: what was to be kept is not kept. */
export class NotKept extends Error {
  override readonly name = 'NotKept';
}

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('locks', { keyPath: 'id' });
      request.result.createObjectStore('sealed', { keyPath: ['vault', 'key'] });
    };
    request.onsuccess = () => {
      // The system may close it: the next call opens it again.
      request.result.onclose = () => {
        opened = undefined;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(new NotKept(request.error?.name));
  });
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

type Store = 'locks' | 'sealed';

/** Runs writes in one transaction: all of them are on the disk when it resolves, or none. */
async function write(
  stores: Store | Store[],
  act: (transaction: IDBTransaction, fail: (error: unknown) => void) => void,
): Promise<void> {
  const db = await database();
  await new Promise<void>((resolve, reject) => {
    const failed = () => reject(new NotKept(transaction.error?.name));
    const transaction = db.transaction(stores, 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onabort = failed;
    transaction.onerror = failed;
    const fail = (error: unknown) => reject(new NotKept(error instanceof Error ? error.name : ''));
    try {
      act(transaction, fail);
    } catch (error) {
      fail(error);
    }
  });
}

async function read<T>(store: Store, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await database();
  return await new Promise((resolve, reject) => {
    const request = ask(db.transaction(store).objectStore(store));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new NotKept(request.error?.name));
  });
}

export function readLocks(): Promise<Lock[]> {
  return read<Lock[]>('locks', (store) => store.getAll());
}
export function putLock(lock: Lock): Promise<void> {
  return write('locks', (transaction) => transaction.objectStore('locks').put(lock));
}

function ofVault(vault: string): IDBKeyRange {
  return IDBKeyRange.bound([vault], [vault, []]);
}
/** Photographs are by far the largest records, and their keys begin so: they are read one by one, when they are looked at or sent. */
function photographs(vault: string): IDBKeyRange {
  return IDBKeyRange.bound([vault, 'photo/'], [vault, 'photo/~']);
}

/** Everything of a vault but its photographs. */
export async function readSealed(vault: string): Promise<Sealed[]> {
  const { lower, upper } = photographs(vault);
  const before = await read<Sealed[]>('sealed', (store) => store.getAll(IDBKeyRange.bound([vault], lower)));
  return [
    ...before,
    ...(await read<Sealed[]>('sealed', (store) => store.getAll(IDBKeyRange.bound(upper, [vault, []])))),
  ];
}
export function readOneSealed(vault: string, key: string): Promise<Sealed | undefined> {
  return read<Sealed | undefined>('sealed', (store) => store.get([vault, key]));
}
export async function readPhotographKeys(vault: string): Promise<string[]> {
  const keys = await read('sealed', (store) => store.getAllKeys(photographs(vault)));
  return keys.flatMap((key) => (Array.isArray(key) ? [String(key[1])] : []));
}
/** Puts records of a vault. @returns whether its lock stands: without one nothing is written, for nobody could read it any more */
export async function putSealed(vault: string, items: readonly Sealed[]): Promise<boolean> {
  let stands = false;
  await write(['locks', 'sealed'], (transaction, fail) => {
    const found = transaction.objectStore('locks').count(vault);
    found.onsuccess = () => {
      stands = found.result > 0;
      try {
        if (stands) for (const item of items) transaction.objectStore('sealed').put(item);
      } catch (error) {
        fail(error);
      }
    };
  });
  return stands;
}
/** Puts a lock and what is behind it. */
export function putVault(lock: Lock, items: readonly Sealed[]): Promise<void> {
  return write(['locks', 'sealed'], (transaction) => {
    transaction.objectStore('locks').put(lock);
    for (const item of items) transaction.objectStore('sealed').put(item);
  });
}
export function removeSealed(vault: string, keys: readonly string[]): Promise<void> {
  return write('sealed', (transaction) => {
    for (const key of keys) transaction.objectStore('sealed').delete([vault, key]);
  });
}

/** Takes a vault off the phone. The lock last: while it stands, what is left can still be taken off. */
export async function removeVault(vault: string): Promise<void> {
  await write('sealed', (transaction) => transaction.objectStore('sealed').delete(ofVault(vault)));
  await write('locks', (transaction) => transaction.objectStore('locks').delete(vault));
}
