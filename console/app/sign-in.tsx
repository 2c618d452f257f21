import { useNavigate } from '@tanstack/react-router';
import { Button, Result, Spin } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../words/language.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { finishSignIn, signIn } from './session.ts';

export function SignedOut() {
  const { w } = useWords();
  const [failed, setFailed] = useState(false);
  return (
    <div className="door">
      <img src={`${import.meta.env.BASE_URL}icon.svg`} width={64} height={64} alt="" />
      <h1>{w.product}</h1>
      <p>{w.tagline}</p>
      <Button
        type="primary"
        size="large"
        autoFocus
        onClick={() => signIn(location.pathname + location.search).catch(() => setFailed(true))}
      >
        {w.signIn}
      </Button>
      {failed ? <p className="due late">{w.errorNetwork}</p> : null}
      <LanguageSwitch />
    </div>
  );
}

/** Where the issuer sends people back to; from here they go to where they were. */
export function SignedIn() {
  const { w } = useWords();
  const navigate = useNavigate();
  const [failed, setFailed] = useState(false);
  const [handed, setHanded] = useState(false);
  const asked = useRef(false);
  useEffect(() => {
    // A code is redeemed once, whatever React does twice.
    if (asked.current) return;
    asked.current = true;
    const search = new URLSearchParams(location.search);
    const beside = search.get('beside');
    const begun = beside === null ? finishSignIn(search) : signIn(import.meta.env.BASE_URL, beside);
    begun.then(
      (done) => {
        if (beside !== null) return;
        if (done === undefined) setFailed(true);
        else if (done === 'handed') {
          setHanded(true);
          window.close();
        } else void navigate({ href: done.back, replace: true });
      },
      () => setFailed(true),
    );
  }, [navigate]);
  if (handed) return <Result status="success" title={w.signInHanded} />;
  if (!failed) return <Spin className="door" description={w.signingIn} />;
  return (
    <Result
      status="warning"
      title={w.signInFailed}
      subTitle={w.signInFailedText}
      extra={
        <Button type="primary" onClick={() => void signIn(import.meta.env.BASE_URL)}>
          {w.signInAgain}
        </Button>
      }
    />
  );
}
