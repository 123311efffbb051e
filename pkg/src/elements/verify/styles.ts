import { css } from "lit";

export const verifyStyles = css`
  #key {
    max-block-size: 8rem;
  }
  .collapsed {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: var(--o-1) var(--o-4);
  }
  .collapsed > dl {
    flex: 1 1 20rem;
    min-inline-size: 0;
  }
  .result {
    scroll-margin-block-start: var(--o-2);
  }
  #reference {
    min-block-size: 2.5rem;
  }
  .exact {
    font-family: var(--o-mono);
    font-size: 0.92em;
  }
  legend {
    padding: 0;
    margin-block-end: 0.375rem;
  }
  .options {
    border: 0;
    display: grid;
    gap: 0.375rem;
  }
  .option {
    display: flex;
    gap: 0.5rem;
    align-items: baseline;
    font-weight: 400;
    min-block-size: 1.5rem;
  }
  .drop {
    border-radius: var(--o-radius);
  }
  .drop.over {
    outline: 2px dashed var(--o-accent);
    outline-offset: 4px;
  }
  .pair {
    display: grid;
    gap: 0.75rem 1rem;
    grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
  }
  .outdated {
    filter: grayscale(1);
  }
`;
