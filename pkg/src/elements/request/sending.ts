// Where requests are sent: one image or a list, the outcome of each, and whether that is in doubt.
import type { ImageReference, OperationId, ProductId, Signing } from "ocisign";
import { newBatchId } from "../../bulk/batch-mark.ts";
import type { OcisignElement } from "../base.ts";
import { Acting } from "../controllers/acting.ts";
import { codeOf, mayHaveBeenTaken } from "../model/errors.ts";
import type { Product } from "../model/offer.ts";
import { strings } from "../strings/index.ts";
import { batchIn, type Details, inputOf, noDetails } from "./details.ts";
import { type Many, withoutReady } from "./images.ts";
import { outcomeInWords } from "./list-results.ts";
import { ListSending, type Send } from "./list-sending.ts";

/** The element whose form is sent. */
interface Form extends OcisignElement {
  readonly product: Product | undefined;
  readonly productId: ProductId | undefined;
  readonly operationId: OperationId | undefined;
  details: Details;
  artifact: string;
  keepsGoing: boolean;
  batch: string | undefined;
  /** The artifact as text. */
  readonly text: string;
  /** Something was sent: what waits at the service is more now. */
  sent(): void;
}

export class Sending {
  /** The request of one image is under way. */
  isUnderWay = false;
  /** The service may have accepted the last request although it failed. */
  isInDoubt = false;
  /** The request that the service has just accepted. */
  taken: { readonly signing: Signing; readonly canonical: string } | undefined;
  readonly list: ListSending;
  #element: Form;
  #acting: Acting;
  #batch: string | undefined;

  constructor(element: Form) {
    this.#element = element;
    this.#acting = new Acting(element);
    this.list = new ListSending(element, this.#acting);
  }

  /** Something is being sent. */
  get isBusy() {
    return this.isUnderWay || this.list.isRunning;
  }

  /** All requests of the next list bear it. */
  get batch(): string {
    this.#batch ??= newBatchId();
    return this.#batch;
  }

  /** For what begins now, and ends with the element. */
  get signal() {
    return this.#acting.signal;
  }

  /** Ends what is under way. */
  abort() {
    this.#acting.abort();
  }

  /** What the form holds is another request than the one in doubt. */
  forgetDoubt() {
    this.isInDoubt = false;
    this.#element.requestUpdate();
  }

  async one({ canonical }: ImageReference) {
    const element = this.#element;
    element.error = undefined;
    this.isInDoubt = false;
    this.isUnderWay = true;
    element.requestUpdate();
    try {
      const signing = await this.#sender()(canonical, this.#acting.signal);
      this.taken = { signing, canonical };
      element.sent();
      element.artifact = "";
      element.details = noDetails;
      element.say(strings.request.requestedSay);
      element.focusOn("#taken-heading");
    } catch (error) {
      this.isInDoubt = mayHaveBeenTaken(error);
      element.error = codeOf(error) === "aborted" ? undefined : error;
    } finally {
      this.isUnderWay = false;
      element.requestUpdate();
    }
  }

  /** @param left those of the list that the person leaves out */
  many(images: Many, left: ReadonlySet<string>) {
    const element = this.#element;
    element.error = undefined;
    const canonicals = images.ready.map(({ canonical }) => canonical).filter((it) => !left.has(it));
    const batch = batchIn(element.details) ?? this.batch;
    this.list.add(canonicals, this.#sender(this.batch), () => this.#listEnded(), batch);
    element.emit("ocisign-batch", { batch });
    this.#batch = undefined;
    element.keepsGoing = false;
    element.artifact = withoutReady(element.text, images);
    element.focusOn("#results-heading");
  }

  /** Goes on with the list after it stopped. */
  goOn() {
    this.list.goOn(() => this.#listEnded());
    this.#element.focusOn("#results-heading");
  }

  /** Puts the images that are left back into the field. */
  putBack() {
    const element = this.#element;
    element.artifact = [element.text, ...this.list.takeBack()].filter(Boolean).join("\n");
    element.focusOn("#artifact");
  }

  /** Closes the list. */
  close() {
    this.list.clear();
    this.#element.batch = undefined;
    this.#element.emit("ocisign-batch", { batch: undefined });
    this.#element.focusOn("#artifact");
  }

  /** Back to the form. */
  another() {
    this.taken = undefined;
    this.#element.requestUpdate();
    this.#element.focusOn("#artifact");
  }

  /** Sends one image by what the form says now; a later change of the form makes no difference. */
  #sender(batch?: string): Send {
    const element = this.#element;
    const { product, productId = "", operationId, details } = element;
    return async (image, signal) => {
      const { client } = element;
      if (!client) throw new Error("the form sends only with a client");
      try {
        const input = inputOf({ product, productId, operationId }, details, image, batch);
        const signing = await client.requestSigning(input, { signal });
        element.emit("ocisign-requested", { signing });
        return signing;
      } catch (error) {
        if (codeOf(error) !== "aborted") element.emit("ocisign-error", { error });
        throw error;
      }
    };
  }

  #listEnded() {
    const element = this.#element;
    element.sent();
    // The details stay for those images that are still to be sent.
    if (element.text === "" && this.list.isThrough) element.details = noDetails;
    element.say(outcomeInWords(this.list));
    if (element.shadowRoot?.activeElement?.id === "stop") element.focusOn("#results-heading");
  }
}
