package javax.annotation;

/** The shape of a mark that the generated client sets. */
public @interface Nonnull {}
