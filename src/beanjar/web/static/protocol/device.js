// A person's word that a device is theirs, and how they were let in.

import { fromHex, toHex, u64 } from "./bytes.js";
import { SigningKey } from "./signing.js";

/**
 * The person's certificate for a device key; for a device that founds a space, zeros as space.
 *
 * With "node" as purpose it lets a node witness for the person, and nothing else.
 */
export function certify(person, space, device, purpose = "device") {
  return { person: toHex(person.public), signature: toHex(person.sign(purpose, space, device)) };
}

/** The chain of invitations with which `person` (a public key) can join. */
export function useInvitation(invitation, space, person) {
  const key = new SigningKey(fromHex(invitation.secret));
  const last = {
    device: invitation.device,
    certificate: invitation.certificate,
    key: toHex(key.public),
    until: invitation.until,
    signature: invitation.signature,
    proof: toHex(key.sign("join", space, person)),
  };
  return [...(invitation.before ?? []), last];
}

/**
 * An invitation with a one-time key (`secret`, 32 bytes), good until `until` in ms.
 *
 * `before` is the chain by which the inviter came in, empty for the founder.
 */
export function invite(device, certificate, space, { secret, until, before }) {
  const { public: key } = new SigningKey(secret);
  const signature = toHex(device.sign("invite", space, key, u64(until)));
  const made = { device: toHex(device.public), certificate, until, signature };
  return { ...made, secret: toHex(secret), ...(before.length ? { before } : {}) };
}

/**
 * The body by which a person gives up a device of theirs: nothing after `head`, where its log
 * stands, counts. The person's own key signs it, so that it holds in whosever log it is.
 */
export function revoke(person, space, device, { seq, id }) {
  const signature = person.sign("revoke", space, device, u64(seq), id);
  const last = { seq, last: toHex(id), signature: toHex(signature) };
  return { t: "space.revoke", device: toHex(device), ...last };
}
