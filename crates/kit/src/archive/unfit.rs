//! Why a file cannot be restored, in words for whoever runs the program.

use std::io;

#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    #[error("打不开文件")]
    Unopened(#[source] io::Error),
    #[error("这不是镇兴的备份文件，请选用 zhenxing backup 写出的文件。")]
    Foreign,
    #[error("这是供外部校验的导出文件，不含口令等内容，不能用来恢复；请选用 zhenxing backup 写出的文件。")]
    Export,
    #[error("文件损坏或不完整，请换一份备份，或重新复制后再试。")]
    Damaged,
    #[error("目标数据库中已有数据；恢复只写入空数据库，请换一个。")]
    Occupied,
    #[error("写不进数据目录，请检查权限与剩余空间")]
    Unwritable(#[source] io::Error),
    #[error("写不进数据库的表 {0}")]
    Refused(String, #[source] sqlx::Error),
}

impl Unfit {
    /// A fault met while content passes from the file to disk: the file's, or the disk's.
    pub(super) fn passing(error: io::Error) -> Unfit {
        use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
        match error.kind() {
            InvalidData | InvalidInput | Other | UnexpectedEof => Unfit::Damaged,
            _ => Unfit::Unwritable(error),
        }
    }
}
