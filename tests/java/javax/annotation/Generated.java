package javax.annotation;

/** The shape of a mark that the generated client sets. */
public @interface Generated {
    String[] value();

    String date() default "";

    String comments() default "";
}
