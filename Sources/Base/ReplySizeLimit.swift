/// The key of the configuration that bounds a reply, as errors name it. It stands here since the client, which knows
/// nothing of the configuration, gives advice about it.
public let replySizeLimitKey = "limits.reply_size"
