import { useState } from 'preact/hooks';
import { signIn } from '../app/sign-in.ts';
import type { Desk } from '../keep/desk.ts';
import { exchange } from '../send/send.ts';

/** Leaving: locked, with everything kept for the next PIN; or signed out, with nothing left. */
export function Settings({ desk, onLeave }: { desk: Desk; onLeave: () => void }) {
  const [words, setWords] = useState<string>();
  const drafts = [...desk.forms.values()].filter(({ state }) => state === 'draft').length;
  const leave = async () => {
    if (desk.unsent > 0) await exchange(desk);
    if (await desk.wipe()) onLeave();
    else setWords(`还有 ${desk.unsent} 份没有送达，不能退出并清除。可先锁定：表单留在手机上，凭 PIN 继续。`);
  };
  return (
    <>
      <h2>设置</h2>
      <p class="about">
        {desk.me.sub} · {desk.me.region}
      </p>
      <div class="more">
        {desk.me.region.length < 12 ? (
          <button type="button" onClick={() => void desk.choose('').then(() => location.reload())}>
            换一个村
          </button>
        ) : null}
        <button type="button" onClick={() => void signIn().catch(() => setWords('没有信号，联网后再试。'))}>
          重新登录
        </button>
        <button type="button" onClick={onLeave}>
          锁定（保留表单）
        </button>
        <button type="button" class="danger" onClick={() => void leave()}>
          退出并清除本机数据{drafts > 0 ? `（含 ${drafts} 份草稿）` : ''}
        </button>
      </div>
      {words === undefined ? null : (
        <p class="fault" role="alert">
          {words}
        </p>
      )}
      <p class="about">名单和表单在手机上加密保存，只有您的 PIN 能打开。忘记 PIN 时，未送达的表单无法找回。</p>
    </>
  );
}
