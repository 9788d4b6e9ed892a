import { Mic, MicOff, PhoneOff, Video, VideoOff } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { createPortal } from 'react-dom';
import { isSending, tilesOf, type Tile } from '../grid/tiles.ts';
import { useText } from '../i18n/text.tsx';
import { usePreferences, useStore } from '../state/use-store.ts';
import { LightButton } from '../ui/light-button.tsx';
import { Picture } from '../ui/picture.tsx';
import { Plate } from '../ui/plate-view.tsx';
import { useCall, useRoom, useUi } from './context.tsx';
import { chooseFloating } from './floating-choice.ts';
import { dress } from './floating-window.ts';
import { tileName } from './tile-name.ts';
import './floating-call.css';

/** What floats over other windows, while it does. */
export function FloatingCall() {
  const { floating } = useCall();
  const opened = useStore(floating.window);
  // A call that is over leaves no window behind.
  useEffect(() => () => floating.close(), [floating]);
  return opened === undefined ? null : createPortal(<Screen opened={opened} />, opened.document.body);
}

/** Who speaks, oneself in the corner, and the three buttons that are needed at once. */
function Screen({ opened }: { opened: Window }) {
  const texts = useText();
  const { actions } = useCall();
  const { theme, mirrorSelf, hideSelf } = usePreferences();
  const pinned = useUi((ui) => ui.pinned);
  const me = useRoom((state) => state.me);
  const participants = useRoom((state) => state.participants);
  const speaker = useRoom((state) => state.activeSpeaker);
  const tiles = useMemo(() => tilesOf({ me, participants }), [me, participants]);
  const own = tiles.find(({ self, kind }) => self && kind === 'person');
  const shown =
    chooseFloating(tiles, pinned, speaker) ?? tiles.find(({ self, kind }) => !self && kind === 'person') ?? own;
  useEffect(() => dress(opened, texts.app.name), [opened, theme, texts]);
  const talking = isSending(me.microphone);
  const seen = isSending(me.camera);
  return (
    <main className="floating-call" data-testid="floating-call">
      {shown !== undefined && (
        <FloatingTile tile={shown} mirrored={shown.self && shown.kind === 'person' && mirrorSelf} />
      )}
      {own !== undefined && own !== shown && !hideSelf && (
        <span className="floating-own">
          <FloatingTile tile={own} mirrored={mirrorSelf} />
        </span>
      )}
      <footer className="floating-bar">
        <LightButton
          label={talking ? texts.call.mute : texts.call.unmute}
          icon={talking ? <Mic size={20} /> : <MicOff size={20} />}
          tone={talking ? 'plain' : 'danger'}
          onPress={actions.toggleMicrophone}
        />
        <LightButton
          label={seen ? texts.call.cameraOff : texts.call.cameraOn}
          icon={seen ? <Video size={20} /> : <VideoOff size={20} />}
          tone={seen ? 'plain' : 'danger'}
          onPress={actions.toggleCamera}
        />
        <LightButton
          label={texts.call.leave}
          icon={<PhoneOff size={20} />}
          tone="danger"
          onPress={actions.leave}
          testId="floating-leave"
        />
      </footer>
    </main>
  );
}

function FloatingTile({ tile, mirrored }: { tile: Tile; mirrored: boolean }) {
  const texts = useText();
  const name = tileName(tile, texts);
  return (
    <figure className="floating-tile" aria-label={name}>
      {tile.track !== undefined && tile.picture === 'on' ? (
        <Picture track={tile.track} mirrored={mirrored} fit={tile.kind === 'screen' ? 'contain' : 'cover'} />
      ) : (
        <Plate name={tile.name} id={tile.peerId} />
      )}
      <figcaption>{name}</figcaption>
    </figure>
  );
}
