import { useState } from 'preact/hooks';
import { meOf, signIn, type Tokens } from '../app/sign-in.ts';
import { mayStore } from '../app/stored.ts';
import { t } from '../app/words.ts';
import { type Lock, removeVault } from '../keep/database.ts';
import { Desk } from '../keep/desk.ts';
import { createVault, openVault } from '../keep/vault.ts';
import { MayBeCleared } from './notices.tsx';
import { LanguageSwitch } from './parts.tsx';
import { regionNameOf } from './region-name.ts';

const SHORTEST_PIN = 6;

/** What this browser lacks for working without a signal; the web view of WeChat often does. */
export function lacking(): boolean {
  return (
    !mayStore ||
    typeof indexedDB === 'undefined' ||
    crypto.subtle === undefined ||
    navigator.serviceWorker === undefined
  );
}

export function Welcome({ failed }: { failed: boolean }) {
  const [trouble, setTrouble] = useState(
    failed ? t('登录没有完成，请再试一次。', 'Signing in was not completed; try again.') : undefined,
  );
  return (
    <div class="door">
      <img src="/field/icon.svg" width={64} height={64} alt="" />
      <h1>{t('守望 · 入户', 'Shouwang · Field')}</h1>
      <p>{t('联网登录一次，之后没有信号也能工作。', 'Sign in once with a signal; then work without one.')}</p>
      {lacking() ? (
        <p class="fault">
          {t(
            '这个浏览器不能离线工作。请点右上角菜单，选择“在浏览器打开”。',
            'This browser cannot work without a signal. Open this page in the phone’s own browser.',
          )}
        </p>
      ) : (
        <button
          type="button"
          class="main"
          onClick={() =>
            void signIn().catch(() =>
              setTrouble(t('没有信号，首次登录需要联网。', 'No signal: the first sign-in needs one.')),
            )
          }
        >
          {t('登录', 'Sign in')}
        </button>
      )}
      {trouble === undefined ? null : (
        <p class="fault" role="alert">
          {trouble}
        </p>
      )}
      <LanguageSwitch />
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
    if (!/^\d+$/.test(pin) || pin.length < SHORTEST_PIN)
      return setTrouble(t(`请设置至少 ${SHORTEST_PIN} 位数字。`, `Choose at least ${SHORTEST_PIN} digits.`));
    if (/^(\d)\1+$/.test(pin) || '0123456789876543210'.includes(pin))
      return setTrouble(t('太容易猜到，请换一个。', 'Too easily guessed; choose another.'));
    if (pin !== again) return setTrouble(t('两次输入不同。', 'The two are not the same.'));
    setBusy(true);
    try {
      const me = meOf(tokens);
      const vault = await createVault(`${me.iss} ${me.sub} ${me.region}`, await regionNameOf(tokens, me), pin);
      const desk = await Desk.open(vault, tokens).catch(async (error: unknown) => {
        // A lock with nothing behind it would open for nobody, and stand before the next one.
        await vault.destroy();
        throw error;
      });
      onOpen(desk);
    } catch {
      setBusy(false);
      setTrouble(
        t(
          '手机存不下，请清理存储，或改用普通窗口（非无痕模式）。',
          'No room on this phone: make some, or use a window that is not private.',
        ),
      );
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
      <h1>{t('设置本机 PIN', 'Choose a PIN for this phone')}</h1>
      <p>
        {t(
          '没有信号时用它打开。忘记 PIN，未送达的表单无法找回。',
          'It opens this page without a signal. If it is forgotten, unsent forms are lost.',
        )}
      </p>
      <MayBeCleared />
      <PinField label={t('PIN（至少 6 位数字）', 'PIN (at least 6 digits)')} value={pin} onInput={setPin} />
      <PinField label={t('再输一次', 'Once more')} value={again} onInput={setAgain} />
      <button type="submit" class="main" disabled={busy}>
        {busy ? t('请稍候…', 'One moment…') : t('确定', 'OK')}
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
    if (vault === 'closed')
      return setTrouble(t('错误次数过多，请半分钟后再试。', 'Too many wrong PINs; try again in half a minute.'));
    if (vault === 'wrong') return setTrouble(t('PIN 不对。', 'Wrong PIN.'));
    try {
      onOpen(await Desk.open(vault, tokens));
    } catch {
      setTrouble(t('手机存储出错，请清理存储后再试。', 'The phone’s storage failed; make room and try again.'));
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
      <h1>{t('守望 · 入户', 'Shouwang · Field')}</h1>
      {locks.length > 1 ? (
        <select
          aria-label={t('账号', 'Account')}
          value={chosen}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        >
          {byUse.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      ) : (
        <p>{lock === undefined ? null : <Labelled label={lock.label} />}</p>
      )}
      <PinField label="PIN" value={pin} onInput={setPin} />
      <button type="submit" class="main" disabled={busy}>
        {busy ? t('请稍候…', 'One moment…') : t('打开', 'Open')}
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
          onClick={() =>
            void signIn().catch(() =>
              setTrouble(t('没有信号，换账号需要联网。', 'No signal: another account needs one.')),
            )
          }
        >
          {t('用另一个账号登录', 'Sign in as somebody else')}
        </button>
      ) : null}
      <button type="button" class="quiet" onClick={() => setForgotten(!forgotten)}>
        {t('忘记 PIN', 'PIN forgotten')}
      </button>
      {forgotten && lock !== undefined ? (
        <p class="fault">
          {t(
            '没有 PIN 无法读出本机数据。清除后须重新登录，未送达的表单会丢失。',
            'Without the PIN nothing here can be read. Clearing it loses unsent forms, and asks for a new sign-in.',
          )}
          <button type="button" class="danger" onClick={() => void removeVault(lock.id).then(() => location.reload())}>
            {t(`清除“${lock.label}”的本机数据`, `Clear “${lock.label}” from this phone`)}
          </button>
        </p>
      ) : null}
      <LanguageSwitch />
    </form>
  );
}

/** Where somebody works, and beneath it as what. */
function Labelled({ label }: { label: string }) {
  const [place = '', ...rest] = label.split(' · ');
  return (
    <>
      {place}
      <br />
      {rest.join(' · ')}
    </>
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
