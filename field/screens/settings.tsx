import { useEffect, useState } from 'preact/hooks';
import { registryCodes } from '../../console/words/codes/registry.ts';
import { endSession, signIn } from '../app/sign-in.ts';
import { say, t } from '../app/words.ts';
import { readLocks } from '../keep/database.ts';
import type { Desk } from '../keep/desk.ts';
import { exchange } from '../send/send.ts';
import { LanguageSwitch } from './parts.tsx';

/** Leaving: locked, with everything kept for the next PIN; or signed out, with nothing left. */
export function Settings({ desk, onLeave }: { desk: Desk; onLeave: () => void }) {
  const [words, setWords] = useState<string>();
  const [sure, setSure] = useState(false);
  const [place, setPlace] = useState(desk.me.region);
  useEffect(() => {
    void readLocks().then(
      (locks) => setPlace(locks.find(({ id }) => id === desk.vault.id)?.label.split(' · ')[0] ?? desk.me.region),
      () => undefined,
    );
  }, [desk]);
  const drafts = [...desk.forms.values()].filter(({ state }) => state === 'draft').length;
  const lock = async () => {
    // What is in memory only would be gone.
    if (!(await desk.keepAll()))
      return setWords(
        t(
          '手机存储已满，锁定会丢失刚才填写的内容：请先清理手机存储，再锁定。',
          'This phone is full: locking would lose what was typed last. Make room first, then lock.',
        ),
      );
    await desk.close();
    onLeave();
  };
  const leave = async () => {
    if (desk.unsent > 0) await exchange(desk);
    // A draft is thrown away at the second touch only, here as on its own page.
    if (desk.unsent === 0 && drafts > 0 && !sure) return setSure(true);
    if (await desk.wipe()) {
      // Without a signal the issuer is told nothing; there is nothing left here that could be renewed.
      const leads = await endSession(desk.tokens).catch(() => false);
      if (!leads) onLeave();
    } else
      setWords(
        t(
          `还有 ${desk.unsent} 份没有送达，不能退出并清除。可先锁定：表单留在手机上，凭 PIN 继续。`,
          `${desk.unsent} have not arrived: signing out would lose them. Lock instead; everything stays for the next PIN.`,
        ),
      );
  };
  return (
    <>
      <h2>{t('设置', 'Settings')}</h2>
      <p class="about">
        {place} · {say(registryCodes.role[desk.me.role])}
        <br />
        {desk.me.sub}
      </p>
      <div class="more">
        <LanguageSwitch />
        {desk.me.region.length < 12 ? (
          <button type="button" onClick={() => void desk.choose('').then(() => location.reload())}>
            {t('换一个村', 'Another village')}
          </button>
        ) : null}
        <button
          type="button"
          onClick={() =>
            void signIn().catch(() => setWords(t('没有信号，联网后再试。', 'No signal; try again with one.')))
          }
        >
          {t('重新登录', 'Sign in again')}
        </button>
        <button type="button" onClick={() => void lock()}>
          {t('锁定（保留表单）', 'Lock (keep the forms)')}
        </button>
        <button type="button" class="danger" onClick={() => void leave()}>
          {sure
            ? t('再按一次，草稿也会删除', 'Touch again: drafts are deleted too')
            : t('退出并清除本机数据', 'Sign out and clear this phone')}
          {drafts > 0 && !sure ? t(`（含 ${drafts} 份草稿）`, ` (drafts: ${drafts})`) : ''}
        </button>
      </div>
      {words === undefined ? null : (
        <p class="fault" role="alert">
          {words}
        </p>
      )}
      <p class="about">
        {t(
          '名单和表单在手机上加密保存，只有您的 PIN 能打开。忘记 PIN 时，未送达的表单无法找回。',
          'List and forms are encrypted on this phone; only your PIN opens them. If it is forgotten, unsent forms are lost.',
        )}
      </p>
    </>
  );
}
