import { useState } from 'preact/hooks';
import { meOf, signIn, type Tokens } from '../app/sign-in.ts';
import { type Lock, removeVault } from '../keep/database.ts';
import { Desk } from '../keep/desk.ts';
import { createVault, openVault } from '../keep/vault.ts';
import { regionNameOf } from './region-name.ts';

const SHORTEST_PIN = 6;

/** What this browser lacks for working without a signal; the web view of WeChat often does. */
export function lacking(): boolean {
  return typeof indexedDB === 'undefined' || crypto.subtle === undefined || navigator.serviceWorker === undefined;
}

export function Welcome({ failed }: { failed: boolean }) {
  const [trouble, setTrouble] = useState(failed ? '登录没有完成，请再试一次。' : undefined);
  return (
    <div class="door">
      <img src="/field/icon.svg" width={64} height={64} alt="" />
      <h1>守望 · 入户</h1>
      <p>联网登录一次，之后没有信号也能工作。</p>
      {lacking() ? (
        <p class="fault">这个浏览器不能离线工作。请点右上角菜单，选择“在浏览器打开”。</p>
      ) : (
        <button
          type="button"
          class="main"
          onClick={() => void signIn().catch(() => setTrouble('没有信号，首次登录需要联网。'))}
        >
          登录
        </button>
      )}
      {trouble === undefined ? null : (
        <p class="fault" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}

/** After the first sign-in on this phone: the PIN everything here is sealed under. */
export function ChoosePin({ tokens, onOpen }: { tokens: Tokens; onOpen: (desk: Desk) => void }) {
  const [trouble, setTrouble] = useState<string>();
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const choose = async () => {
    if (!/^\d+$/.test(pin) || pin.length < SHORTEST_PIN) return setTrouble(`请设置至少 ${SHORTEST_PIN} 位数字。`);
    if (/^(\d)\1+$/.test(pin) || '0123456789876543210'.includes(pin)) return setTrouble('太容易猜到，请换一个。');
    if (pin !== again) return setTrouble('两次输入不同。');
    setBusy(true);
    try {
      const me = meOf(tokens);
      const vault = await createVault(`${me.iss} ${me.sub} ${me.region}`, await regionNameOf(tokens, me), pin);
      onOpen(await Desk.open(vault, tokens));
    } catch {
      setBusy(false);
      setTrouble('手机存不下，请清理存储，或改用普通窗口（非无痕模式）。');
    }
  };
  return (
    <form
      class="door"
      onSubmit={(event) => {
        event.preventDefault();
        void choose();
      }}
    >
      <h1>设置本机 PIN</h1>
      <p>没有信号时用它打开。忘记 PIN，未送达的表单无法找回。</p>
      <PinField label="PIN（至少 6 位数字）" value={pin} onInput={setPin} />
      <PinField label="再输一次" value={again} onInput={setAgain} />
      <button type="submit" class="main" disabled={busy}>
        {busy ? '请稍候…' : '确定'}
      </button>
      {trouble === undefined ? null : (
        <p class="fault" role="alert">
          {trouble}
        </p>
      )}
    </form>
  );
}

/** @param tokens of a sign-in a moment ago, by the owner of the one lock then shown */
export function EnterPin({
  locks,
  tokens,
  onOpen,
}: {
  locks: readonly Lock[];
  tokens: Tokens | undefined;
  onOpen: (desk: Desk) => void;
}) {
  const byUse = [...locks].sort((a, b) => b.lastUsed - a.lastUsed);
  const [chosen, setChosen] = useState(byUse[0]?.id);
  const [pin, setPin] = useState('');
  const [trouble, setTrouble] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [forgotten, setForgotten] = useState(false);
  const lock = locks.find(({ id }) => id === chosen);
  const open = async () => {
    if (lock === undefined) return;
    setBusy(true);
    const vault = await openVault(lock, pin);
    setBusy(false);
    setPin('');
    if (vault === 'closed') return setTrouble('错误次数过多，请半分钟后再试。');
    if (vault === 'wrong') return setTrouble('PIN 不对。');
    try {
      onOpen(await Desk.open(vault, tokens));
    } catch {
      setTrouble('手机存储出错，请清理存储后再试。');
    }
  };
  return (
    <form
      class="door"
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
    >
      <img src="/field/icon.svg" width={64} height={64} alt="" />
      <h1>守望 · 入户</h1>
      {locks.length > 1 ? (
        <select aria-label="账号" value={chosen} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
          {byUse.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      ) : (
        <p>{lock?.label}</p>
      )}
      <PinField label="PIN" value={pin} onInput={setPin} />
      <button type="submit" class="main" disabled={busy}>
        {busy ? '请稍候…' : '打开'}
      </button>
      {trouble === undefined ? null : (
        <p class="fault" role="alert">
          {trouble}
        </p>
      )}
      {tokens === undefined ? (
        <button
          type="button"
          class="quiet"
          onClick={() => void signIn().catch(() => setTrouble('没有信号，换账号需要联网。'))}
        >
          用另一个账号登录
        </button>
      ) : null}
      <button type="button" class="quiet" onClick={() => setForgotten(!forgotten)}>
        忘记 PIN
      </button>
      {forgotten && lock !== undefined ? (
        <p class="fault">
          没有 PIN 无法读出本机数据。清除后须重新登录，未送达的表单会丢失。
          <button type="button" class="danger" onClick={() => void removeVault(lock.id).then(() => location.reload())}>
            清除“{lock.label}”的本机数据
          </button>
        </p>
      ) : null}
    </form>
  );
}

function PinField({ label, value, onInput }: { label: string; value: string; onInput: (value: string) => void }) {
  return (
    <label class="pin">
      {label}
      <input
        type="password"
        inputMode="numeric"
        autocomplete="off"
        maxLength={12}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </label>
  );
}
