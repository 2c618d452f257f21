import { now } from '../app/clock.ts';
import { type Me, meOf, renew, type Tokens } from '../app/sign-in.ts';
import type { Said } from '../app/words.ts';
import type { RoundForm, WorkItem } from '../rules/judge.ts';
import { ask, Refused, type Request } from '../send/server.ts';
import { NotKept } from './database.ts';
import { forgetLoosePhotographs, forgetOld } from './forget.ts';
import { type Answers, type Form, isUnsent, keyOf, photographsWaiting } from './forms.ts';
import { randomId, type Vault } from './vault.ts';

export interface Watched {
  household: string;
  groups: string[];
  lastSeenOn: string | null;
  dueOn: string;
  overdue: boolean;
}
/** A measure of an open case that waits for its next step. */
export interface OpenMeasure {
  case: string;
  measure: string;
  household: string;
  name: Said;
  status: 'planned' | 'under-way';
  /** No step is dated earlier: the day it was begun, or planned. A list of an earlier release has none. */
  since?: string;
}

/** What was last fetched: all a village needs for a day without a signal. */
export interface List {
  fetchedAt: number;
  village: string;
  round: string;
  status: string;
  items: WorkItem[];
  form: RoundForm | undefined;
  watch: Watched[];
  measures: OpenMeasure[];
  /** The households a surveyor is to visit again. */
  sample: string[];
}

export interface Status {
  sending: boolean;
  /** Why the last attempt did not come through; undefined when it did. */
  trouble: Said | undefined;
  /** The issuer wants to see the person again; everything here stays usable. */
  ended: boolean;
  /** The phone took no more: what was typed last is in memory only. */
  full: boolean;
  /** Records that could not be read when it was opened. */
  broken: number;
}

/** Everything one signed-in person has on this phone while it is unlocked. Screens read it and are told when it changes. */
export class Desk {
  readonly vault: Vault;
  readonly me: Me;
  readonly forms = new Map<string, Form>();
  readonly status: Status = { sending: false, trouble: undefined, ended: false, full: false, broken: 0 };
  list: List | undefined;
  village: string | undefined;
  #tokens: Tokens;
  readonly #listeners = new Set<() => void>();
  readonly #dirty = new Set<string>();
  /** Begun and only looked at: in memory, and forgotten when the person goes on. */
  readonly #untouched = new Set<string>();
  readonly #finishing = new Map<string, Promise<void>>();
  readonly #leaving = new AbortController();
  /** What is under way between phone and server, and whether it was asked for once more meanwhile (send/send.ts). */
  exchanging: Promise<void> | undefined;
  again = false;
  #writing: Promise<void> | undefined;
  #renewing: Promise<boolean> | undefined;

  private constructor(vault: Vault, tokens: Tokens) {
    this.vault = vault;
    this.#tokens = tokens;
    this.me = meOf(tokens);
    this.village = this.me.region.length === 12 ? this.me.region : undefined;
  }

  /** @param fresh tokens of a sign-in a moment ago; without them those that were kept */
  static async open(vault: Vault, fresh?: Tokens): Promise<Desk> {
    const { records, broken } = await vault.readAll();
    const kept = records.get('session');
    const tokens = fresh ?? (isTokens(kept) ? kept : undefined);
    if (tokens === undefined) throw new Error('The vault holds no session.');
    const desk = new Desk(vault, tokens);
    if (fresh !== undefined) await vault.put({ session: fresh });
    desk.status.broken = broken.length;
    const place = records.get('place');
    if (typeof place === 'string' && place.startsWith(desk.me.region)) desk.village = place;
    const list: List | undefined = Object(records.get('list'));
    if (list?.village === desk.village && desk.village !== undefined) desk.list = list;
    for (const [key, record] of records)
      if (key.startsWith('form/')) {
        const form: Form = Object(record);
        desk.forms.set(form.id, form);
      }
    vault.whole = () => desk.#whole();
    await forgetOld(vault, desk.forms);
    // A record that could not be read may have named some of them.
    if (desk.status.broken === 0) await forgetLoosePhotographs(vault, desk.forms);
    return desk;
  }

  /** As it is kept: the session, the place, the list, and every form but those only looked at. Photographs' bytes are nowhere else than on the disk. */
  #whole(): Record<string, unknown> {
    const forms = [...this.forms.values()].filter(({ id }) => !this.#untouched.has(id));
    return {
      session: this.#tokens,
      ...(this.village === undefined ? {} : { place: this.village }),
      ...(this.list === undefined ? {} : { list: this.list }),
      ...Object.fromEntries(forms.map((form) => [`form/${form.id}`, form])),
    };
  }

  /** Sees to it that everything typed is on the disk, and that what is there still opens. @returns whether it is */
  async keepAll(): Promise<boolean> {
    await this.#writing;
    await this.#flush();
    await this.vault.put({}).catch(() => undefined);
    return this.#dirty.size === 0;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Forms that have not arrived, or not with all their photographs. */
  get unsent(): number {
    let count = 0;
    for (const form of this.forms.values()) if (isUnsent(form) || photographsWaiting(form) > 0) count += 1;
    return count;
  }

  /** Whether anything would leave by itself, had the phone a signal; what needs a person does not. */
  get waits(): boolean {
    return [...this.forms.values()].some((form) => form.state === 'ready' || photographsWaiting(form) > 0);
  }

  /** Ends with this desk. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  item(household: string): WorkItem | undefined {
    return this.list?.items.find((item) => item.household.id === household);
  }

  formsOf(household: string): Form[] {
    return [...this.forms.values()].filter((form) => form.household === household);
  }

  async choose(village: string): Promise<void> {
    this.village = village;
    this.list = undefined;
    this.tell();
    await this.vault.put({ place: village });
  }

  async keepList(list: List): Promise<void> {
    await this.vault.put({ list });
    this.list = list;
    this.tell();
  }

  begin(item: WorkItem, answers: Answers): Form {
    const { id, version, members } = item.household;
    const head = members.find(({ relation }) => relation === 'head') ?? members[0];
    const form: Form = {
      id: randomId(),
      state: 'draft',
      household: id,
      title: head?.name ?? id.slice(13),
      version,
      answers,
      startedAt: now(),
    };
    this.forms.set(form.id, form);
    this.#untouched.add(form.id);
    return form;
  }

  forgetUntouched(): void {
    for (const id of this.#untouched) this.forms.delete(id);
    this.#untouched.clear();
  }

  /**
   * A draft becomes a finished form, once: a second touch of the button, or a keystroke while it is written down, finds it finished already.
   * @throws NotKept, and it is the draft it was
   */
  finish(form: Form, judged?: Form['judged']): Promise<void> {
    const under = this.#finishing.get(form.id);
    if (under !== undefined) return under;
    if (this.forms.get(form.id)?.state !== 'draft') return Promise.resolve();
    // Should there be no room, it is kept in memory as what was typed is.
    if (this.#untouched.delete(form.id)) this.#dirty.add(form.id);
    const finished: Form = { ...form, state: 'ready', finishedAt: now(), ...(judged === undefined ? {} : { judged }) };
    const done = this.put([finished]).finally(() => this.#finishing.delete(form.id));
    this.#finishing.set(form.id, done);
    return done;
  }

  /** Takes a keystroke: it is on the disk a moment later. */
  type(form: Form): void {
    if (this.#finishing.has(form.id)) return;
    this.forms.set(form.id, form);
    this.#untouched.delete(form.id);
    this.#dirty.add(form.id);
    this.tell();
    void this.#flush();
  }

  /** Puts forms as they are now; they count as changed only once they are on the disk. @throws NotKept */
  async put(forms: readonly Form[]): Promise<void> {
    await this.#writing;
    try {
      await this.vault.put(Object.fromEntries(forms.map((form) => [`form/${form.id}`, form])));
    } catch (error) {
      if (error instanceof NotKept) this.status.full = true;
      this.tell();
      throw error;
    }
    for (const form of forms) {
      this.#dirty.delete(form.id);
      this.forms.set(form.id, form);
    }
    this.status.full = this.#dirty.size > 0 && this.status.full;
    this.tell();
  }

  /** Only a draft can be taken away. */
  async discard(form: Form): Promise<void> {
    if (form.state !== 'draft') return;
    await this.#writing;
    this.#dirty.delete(form.id);
    await this.vault.remove([`form/${form.id}`, ...(form.photographs ?? []).map(keyOf)]);
    this.forms.delete(form.id);
    this.tell();
  }

  async #flush(): Promise<void> {
    if (this.#writing !== undefined) return;
    this.#writing = (async () => {
      while (this.#dirty.size > 0) {
        const ids = [...this.#dirty];
        this.#dirty.clear();
        const records = ids.flatMap((id) => {
          const form = this.forms.get(id);
          return form === undefined ? [] : [[`form/${id}`, form] as const];
        });
        try {
          await this.vault.put(Object.fromEntries(records));
          this.status.full = false;
        } catch {
          for (const id of ids) this.#dirty.add(id);
          this.status.full = true;
          break;
        }
      }
    })();
    await this.#writing;
    this.#writing = undefined;
    this.tell();
  }

  /** Calls the API as this person; a token that has run out is renewed once. @throws Refused, or anything else when there is no answer */
  async call<T>(request: Request): Promise<T> {
    const { access_token: used } = this.#tokens;
    try {
      return await ask<T>(request, used, this.#leaving.signal);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      // Another call may have renewed it meanwhile, or is about to.
      if (this.#tokens.access_token === used && !(await this.#renewOnce())) throw error;
      return await ask<T>(request, this.#tokens.access_token, this.#leaving.signal);
    }
  }

  /** Each refresh token is good once: whoever needs a new one waits for the same. @returns whether the issuer gave one */
  #renewOnce(): Promise<boolean> {
    this.#renewing ??= (async () => {
      const next = await renew(this.#tokens);
      this.status.ended = next === 'refused';
      if (next === 'refused') return false;
      this.#tokens = next;
      // The new one is on the disk before anything else happens.
      await this.vault.put({ session: next });
      return true;
    })().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  get tokens(): Tokens {
    return this.#tokens;
  }

  /**
   * Ends what is under way, so that nothing of this desk is sent or written once somebody else, or the same person anew, works on this phone: two desks over
   * one vault would make two requests of one form.
   */
  async close(): Promise<void> {
    this.#leaving.abort();
    await this.exchanging;
    await this.#writing;
  }

  /** Takes everything of this person off the phone. Refused while a finished form, or a photograph of one, has not reached the server. */
  async wipe(): Promise<boolean> {
    await this.#writing;
    if (this.unsent > 0) return false;
    await this.close();
    await this.vault.destroy();
    return true;
  }
}

function isTokens(value: unknown): value is Tokens {
  return typeof value === 'object' && value !== null && 'access_token' in value;
}
